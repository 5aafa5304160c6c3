"""What is kept about who sent what: whose a sender is, and the files of each student."""

from nbgrader.api import Gradebook
from sqlalchemy import JSON, Column, Text

from autograde.course.tables import GradebookTable
from autograde.entries.wording import named
from autograde.people.whose import Files, Matches

MATCHES = GradebookTable(
    "autograde_match",
    "system",
    Column("number", Text, primary_key=True),
    Column("sender", Text, primary_key=True),
    student=Text,
)
"""Whose a sender is, by `Said.place`: told by --match, or by a worksheet's keys."""
SENT = GradebookTable("autograde_sent", "assignment student", files=JSON)
"""What each student sent, by the names that the learning system gave it: also where none of it was collected.

`files` has names in submitted/ by paths in the download; an empty name was not collected."""


def read_matches(gradebook: Gradebook) -> Matches:
    """What is kept about senders, for `Whose.kept`."""
    return {(system, number, sender): who for system, number, sender, who in MATCHES.rows(gradebook)}


def read_sent(gradebook: Gradebook, assignment: str) -> dict[str, Files]:
    """The files that were sent for an assignment, by student."""
    return dict(SENT.rows(gradebook, "student", "files", assignment=assignment))


def files_not_collected(gradebook: Gradebook, assignment: str) -> dict[str, str]:
    """Who sent only files that were not collected, and which, in words."""
    return {
        student: f"sent {named([path.rpartition('/')[2] for path in files])}, which was not collected"
        for student, files in read_sent(gradebook, assignment).items()
        if not any(files.values())
    }
