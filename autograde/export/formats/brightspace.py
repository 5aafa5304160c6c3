"""Brightspace (D2L): `HW1 Points Grade`, each line closed by `#`.

Its own download says more in that header: `HW1 Points Grade <Numeric MaxPoints:20 Weight:10>`.
"""

from __future__ import annotations

import re
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
HEADER = re.compile(r".+ Points Grade(?: <.*>)?")
MOST = re.compile(r" Points Grade <Numeric MaxPoints:([\d.,]+)")


def export(rows: Sequence[ScoreRow], template: DelimitedTable | None, column: str | None) -> Exported:
    """With a template its column; without one username and score. `Points Grade` is added to a bare name."""
    name = column or (rows[0].assignment if rows else "Grade")
    name = name if HEADER.fullmatch(name) else f"{name} Points Grade"
    if template:
        name = _as_downloaded(template, name)
        most = MOST.search(name)
        return fill(template, name, KEYS, rows, most=lambda cells, at: most[1] if most else "")
    header = ["Username", guarded(name), "End-of-Line Indicator"]
    lines = [[guarded(row.student), number(row.final), "#"] for row in rows]
    return Exported(write_table([header, *lines]))


def _as_downloaded(template: DelimitedTable, name: str) -> str:
    """The header of that name as it stands in the template, with what Brightspace adds."""
    headers = [header.strip() for header in template.rows[0]] if template.rows else []
    longer = [header for header in headers if header.startswith(f"{name} <")]
    return longer[0] if name not in headers and len(longer) == 1 else name
