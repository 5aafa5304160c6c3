"""Brightspace (D2L): `HW1 Points Grade`, each line closed by `#`."""

from __future__ import annotations

from collections.abc import Sequence

from autograde.delimited import DelimitedTable, guarded, write_table
from autograde.export.rows import ScoreRow
from autograde.export.table import Exported, fill, number

NAME = "brightspace"
KEYS = (
    ("OrgDefinedId", "lms_user_id"),
    ("OrgDefinedId", "id"),
    ("Username", "id"),
)


def export(rows: Sequence[ScoreRow], template: DelimitedTable | None, column: str | None) -> Exported:
    """With a template its column; without one username and score. `Points Grade` is added to a bare name."""
    name = column or (rows[0].assignment if rows else "Grade")
    name = name if name.endswith(" Points Grade") else f"{name} Points Grade"
    if template:
        return fill(template, name, KEYS, rows)
    header = ["Username", guarded(name), "End-of-Line Indicator"]
    lines = [[guarded(row.student), number(row.final), "#"] for row in rows]
    return Exported(write_table([header, *lines]))
