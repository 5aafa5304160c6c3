"""What each student sent, by the names that the learning system gave it: also where none of it was collected."""

from typing import NamedTuple

from sqlalchemy import JSON, Column, Text

from autograde.course.gradebook import SharedGradebook
from autograde.course.tables import GradebookTable, name_column
from autograde.course.wording import named

SENT = GradebookTable(
    "autograde_sent",
    name_column("assignment"),
    name_column("student"),
    Column("system", Text, nullable=False),
    Column("files", JSON, nullable=False),
)
"""`files` has names in submitted/ by paths in the download; an empty name was not collected."""


class Sent(NamedTuple):
    """What came from a student, and from which system."""

    system: str
    files: dict[str, str]


def read_sent(gradebook: SharedGradebook, assignment: str) -> dict[str, Sent]:
    """What was sent for an assignment, by student."""
    rows = SENT.rows(gradebook, "student", "system", "files", assignment=assignment)
    return {student: Sent(system, files) for student, system, files in rows}


def files_not_collected(gradebook: SharedGradebook, assignment: str) -> dict[str, str]:
    """Who sent only files that were not collected, and which, in words."""
    return {
        student: f"sent {named([path.rpartition('/')[2] for path in files])}, which was not collected"
        for student, (_, files) in read_sent(gradebook, assignment).items()
        if not any(files.values())
    }
