"""What is exported: one row a student and assignment."""

from __future__ import annotations

from dataclasses import dataclass

from nbgrader.api import Assignment, Student, SubmittedAssignment
from sqlalchemy import select

from autograde.grading.answer_key import AnswerKey
from autograde.grading.gradebook import SharedGradebook
from autograde.grading.results import GRADED, Result
from autograde.grading.scores import read_results


@dataclass(frozen=True)
class Row:
    """A student's result. `final` is the score to publish: None while a person has to look or to grade."""

    student: str
    first_name: str
    last_name: str
    email: str
    lms_user_id: str
    assignment: str
    result: Result
    timestamp: str

    @property
    def final(self) -> float | None:
        """The score, if nothing is open."""
        if self.result.status != GRADED or self.result.pending_manual:
            return None
        return self.result.score

    @property
    def name(self) -> str:
        """Last name first, as the systems write it."""
        return ", ".join(part for part in (self.last_name, self.first_name) if part) or self.student


def read_rows(gradebook: SharedGradebook, key: AnswerKey) -> list[Row]:
    """Every student with a submission, by id."""
    people = {person.id: person for person in gradebook.db.scalars(select(Student))}
    submitted = dict(
        gradebook.db.execute(
            select(SubmittedAssignment.student_id, SubmittedAssignment.timestamp)
            .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
            .where(Assignment.name == key.assignment)
        ).all()
    )
    rows = []
    for student, graded in read_results(gradebook, key).items():
        person, when = people.get(student), submitted.get(student)
        rows.append(
            Row(
                student=student,
                first_name=getattr(person, "first_name", None) or "",
                last_name=getattr(person, "last_name", None) or "",
                email=getattr(person, "email", None) or "",
                lms_user_id=getattr(person, "lms_user_id", None) or "",
                assignment=key.assignment,
                result=graded.result,
                timestamp=when.isoformat() if when else "",
            )
        )
    return rows
