"""Who handed in, who did not, who was late: of nbgrader's students, times and due dates."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import timedelta

from nbgrader.api import Assignment, Student, SubmittedAssignment
from sqlalchemy import select

from autograde.grading.gradebook import SharedGradebook


@dataclass(frozen=True)
class Handing:
    """Names by id, who has no submission, and by how much who was late; none without due dates."""

    names: dict[str, str] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    late: dict[str, timedelta] = field(default_factory=dict)


def read_handing(gradebook: SharedGradebook, assignment: str, graded: Collection[str]) -> Handing:
    """Of the assignment: everybody whom the gradebook knows, without a grade or late."""
    columns = (Student.id, Student.first_name, Student.last_name)
    people = {
        who: " ".join(part for part in (first, last) if part)
        for who, first, last in gradebook.db.execute(select(*columns).order_by(Student.id))
    }
    submitted = (
        select(
            SubmittedAssignment.student_id,
            SubmittedAssignment.timestamp,
            SubmittedAssignment.extension,
            Assignment.duedate,
        )
        .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
        .where(Assignment.name == assignment)
    )
    late = {}
    for who, handed_in, extension, due in gradebook.db.execute(submitted):
        if handed_in and due and handed_in > due + (extension or timedelta()):
            late[who] = handed_in - due - (extension or timedelta())
    return Handing(people, sorted(set(people) - set(graded)), dict(sorted(late.items())))
