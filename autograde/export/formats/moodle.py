"""Moodle's gradebook import: the teacher maps the columns while importing."""

from __future__ import annotations

from collections.abc import Sequence

from autograde.delimited import DelimitedTable, guarded, write_table
from autograde.export.rows import ScoreRow
from autograde.export.table import Exported, fill, number
from autograde.roster.columns import EMAIL, LOGIN, NUMBER

NAME = "moodle"
# Each in the site's language.
KEYS = (
    *((header, "id") for header in (*LOGIN, *NUMBER)),
    *((header, "lms_user_id") for header in NUMBER),
    *((header, "email") for header in EMAIL),
)


def export(rows: Sequence[ScoreRow], template: DelimitedTable | None, column: str | None) -> Exported:
    """With a template its column; without one id, address and score. Addresses match letter by letter."""
    if template:
        return fill(template, column or "Grade", KEYS, rows)
    name = guarded(column or (rows[0].assignment if rows else "Grade"))
    header = ["username", "idnumber", "email", name]
    lines = [
        [guarded(row.student), guarded(row.person.lms_user_id), guarded(row.person.email), number(row.final)]
        for row in rows
        if row.final is not None
    ]
    left_out = [row.student for row in rows if row.final is None]
    return Exported(write_table([header, *lines]), left_out=left_out)
