"""Whose time of handing in comes from a timestamp.txt: where that file goes, the time goes with it.

Another time in the gradebook, which an instructor or a program entered, stays.
"""

from __future__ import annotations

from collections.abc import Collection

from nbgrader.api import Gradebook
from sqlalchemy import Column, String

from autograde.own_table import OwnTable

TABLE = OwnTable(
    "autograde_times_of_files",
    Column("student", String(128), primary_key=True),
    Column("assignment", String(128), primary_key=True),
)


def read_dated(gradebook: Gradebook, assignment: str) -> set[str]:
    """Who had a file that says a time when it was last looked for."""
    return {row.student for row in TABLE.rows(gradebook, "student", assignment=assignment)}


def change_dated(gradebook: Gradebook, assignment: str, more: Collection[str], gone: Collection[str]) -> None:
    """Remember more students, and forget those whose file is gone; within the transaction that runs."""
    rows = {student: {"student": student, "assignment": assignment} for student in {*more, *gone}}
    TABLE.remove(gradebook, [rows[student] for student in gone])
    if more:
        TABLE.put(gradebook, [rows[student] for student in sorted(more)])
