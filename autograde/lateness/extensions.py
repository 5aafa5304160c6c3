"""Extensions: more time for one student, for one assignment or for all.

nbgrader keeps an extension with a submission, so only of who has handed in. Here they stand by student and
assignment, and are put on nbgrader's rows, where its penalties and formgrader read them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import timedelta

from nbgrader.api import Assignment, Gradebook, SubmittedAssignment
from sqlalchemy import Column, Float, String, select

from autograde.own_table import OwnTable

ALL = ""  # in place of an assignment's name
TABLE = OwnTable(
    "autograde_extension",
    Column("student", String(128), primary_key=True),
    Column("assignment", String(128), primary_key=True),
    Column("seconds", Float, nullable=False),
)
Extensions = dict[tuple[str, str], timedelta]  # by student and assignment


def read_extensions(gradebook: Gradebook) -> Extensions:
    """Every extension that was given."""
    rows = TABLE.rows(gradebook, "student", "assignment", "seconds")
    return {(student, assignment): timedelta(seconds=seconds) for student, assignment, seconds in rows}


def extension_of(extensions: Extensions, student: str, assignment: str) -> timedelta | None:
    """What a student has for an assignment: its own extension, or the one for all."""
    return extensions.get((student, assignment), extensions.get((student, ALL)))


def write_extensions(gradebook: Gradebook, extended: Mapping[tuple[str, str], timedelta | None]) -> None:
    """Give extensions, or take them away with None; within the transaction that runs."""
    rows = [
        {"student": student, "assignment": name, "seconds": None if time is None else time.total_seconds()}
        for (student, name), time in extended.items()
    ]
    TABLE.remove(gradebook, rows)
    if extensions := [row for row in rows if row["seconds"] is not None]:
        TABLE.put(gradebook, extensions)


def put_on_submissions(
    gradebook: Gradebook,
    extensions: Extensions,
    students: Collection[str] | None = None,
    assignment: str | None = None,
) -> None:
    """Let nbgrader's rows of submissions say the same; within the transaction that runs.

    Who is not named in `extensions` keeps what nbgrader's own functions gave. Without a due date nbgrader
    cannot add one up, and there is none to put back.
    """
    query = (
        select(SubmittedAssignment, Assignment.name, Assignment.duedate)
        .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
        .where(SubmittedAssignment.student_id.in_({student for student, _ in extensions}))
    )
    if assignment is not None:
        query = query.where(Assignment.name == assignment)
    if students is not None:
        query = query.where(SubmittedAssignment.student_id.in_(list(students)))
    for submission, name, duedate in gradebook.db.execute(query):
        time = extension_of(extensions, submission.student_id, name)
        if time is not None:
            submission.extension = time if duedate else None
