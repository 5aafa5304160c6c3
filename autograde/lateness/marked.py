"""Who was late by a learning system's own mark, which says no time: kept until a time is known."""

from __future__ import annotations

from collections.abc import Collection

from nbgrader.api import Gradebook
from sqlalchemy import Column, String

from autograde.own_table import OwnTable

TABLE = OwnTable(
    "autograde_marked_late",
    Column("student", String(128), primary_key=True),
    Column("assignment", String(128), primary_key=True),
)


def read_marked(gradebook: Gradebook, assignment: str) -> set[str]:
    """Whose submission was marked when it was collected."""
    return {row.student for row in TABLE.rows(gradebook, "student", assignment=assignment)}


def write_marked(
    gradebook: Gradebook, assignment: str, collected: Collection[str], marked: Collection[str]
) -> None:
    """Of those collected, keep who is marked; within the transaction that runs."""
    rows = {student: {"student": student, "assignment": assignment} for student in collected}
    TABLE.remove(gradebook, [row for student, row in rows.items() if student not in marked])
    if marked:
        TABLE.put(gradebook, [rows[student] for student in sorted(marked)])
