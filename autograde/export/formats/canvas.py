"""Canvas: fill one assignment's column of the gradebook export, `Title (1234)`."""

from __future__ import annotations

import re
from collections.abc import Sequence

from autograde.delimited import DelimitedTable, guarded, write_table
from autograde.errors import UsageError
from autograde.export.rows import ScoreRow
from autograde.export.table import Exported, fill, number
from autograde.roster.read_file import TEST_STUDENT

NAME = "canvas"
KEYS = (
    ("ID", "lms_user_id"),
    ("SIS User ID", "lms_user_id"),
    ("SIS User ID", "id"),
    ("SIS Login ID", "id"),
    ("SIS Login ID", "email"),
)
WITH_ID = re.compile(r".+ \(\d+\)")


def export(rows: Sequence[ScoreRow], template: DelimitedTable | None, column: str | None) -> Exported:
    """With a template its column; without one the smallest file that Canvas matches.

    Raises:
        UsageError: a column without Canvas' number, which would make a new assignment there.
    """
    if not column or not WITH_ID.fullmatch(column):
        raise UsageError.say(
            "Canvas needs the column as its own export names it, with the number: "
            '--column "HW1 (1234)". Without the number it would make a new assignment.'
        )
    if template:
        return fill(template, column, KEYS, rows, skip=_is_nobody, most=_most)
    header = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", column]
    lines = [
        [guarded(row.name), guarded(row.person.lms_user_id), "", guarded(row.student), "", number(row.final)]
        for row in rows
    ]
    return Exported(write_table([header, *lines]))


def _is_nobody(cells: list[str]) -> bool:
    """Whether the line is no student's: the points to be had, how they are posted, Canvas's test student."""
    if not any(cell.strip() for cell in cells[:2]):
        return True  # "Manual Posting" below assignments, nothing below Student and ID
    return _says_most(cells) or " ".join(cells[0].split()).casefold() in TEST_STUDENT


def _says_most(cells: list[str]) -> bool:
    return "Points Possible" in cells[0]


def _most(cells: list[str], column: int) -> str:
    return cells[column] if _says_most(cells) and column < len(cells) else ""
