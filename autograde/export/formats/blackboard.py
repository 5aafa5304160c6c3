"""Blackboard Learn: one column, named with its number: `HW1 [Total Pts: 20 Score] |123456`."""

from __future__ import annotations

import re
from collections.abc import Sequence

from autograde.delimited import DelimitedTable, guarded, write_table
from autograde.errors import UsageError
from autograde.export.rows import ScoreRow
from autograde.export.table import Exported, fill, number

NAME = "blackboard"
KEYS = (
    ("Username", "id"),
    ("Student ID", "lms_user_id"),
    ("Student ID", "id"),
)
WITH_ID = re.compile(r".+ \|\d+")
MOST = re.compile(r"\[Total Pts: ([\d.,]+)")


def export(rows: Sequence[ScoreRow], template: DelimitedTable | None, column: str | None) -> Exported:
    """With a template its column; without one names, username and score.

    Raises:
        UsageError: a column without Blackboard's number, which would make a new column of text there.
    """
    if not column or not WITH_ID.fullmatch(column):
        raise UsageError.say(
            "Blackboard needs the column as its own download names it, with the number: "
            '--column "HW1 [Total Pts: 20 Score] |123456". '
            "Without it, it would make a new column of text."
        )
    if template:
        most = MOST.search(column)
        return fill(template, column, KEYS, rows, most=lambda cells, place: most[1] if most else "")
    header = ["Last Name", "First Name", "Username", column]
    lines = [
        [*map(guarded, (row.person.last_name, row.person.first_name, row.student)), number(row.final)]
        for row in rows
    ]
    return Exported(write_table([header, *lines], quote_all=True))
