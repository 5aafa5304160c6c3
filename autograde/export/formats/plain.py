"""A plain table of everything: for spreadsheets and scripts."""

from __future__ import annotations

from collections.abc import Sequence

from autograde.delimited import DelimitedTable, guarded, write_table
from autograde.export.formats.wide import WHO, refuse_template, who_cells
from autograde.export.rows import ScoreRow
from autograde.export.table import Exported, number
from autograde.grading.results import MISSING

NAME = "csv"
SEVERAL = True  # takes the rows of several assignments
HEADER = (
    "assignment", *WHO, "timestamp", "status", "score", "max_score", "seconds_late", "late_penalty",
    "to_be_graded", "flags",
)  # fmt: skip


def export(rows: Sequence[ScoreRow], template: DelimitedTable | None, column: str | None) -> Exported:
    """Every row, open ones too: `to_be_graded` says how many answers wait for a person.

    Raises:
        UsageError: a template or a column, which this format does not have.
    """
    refuse_template(NAME, template, column)
    return Exported(write_table([HEADER, *(_cells(row) for row in rows)]), open_scores=True)


def _cells(row: ScoreRow) -> list[str]:
    result = row.result
    return [
        guarded(row.assignment),
        *who_cells(row),
        row.timestamp,
        result.status,
        number(row.final if result.status == MISSING else result.score),
        number(result.max_score),
        str(round(result.late)),
        number(result.penalty),
        str(result.pending_manual),
        " ".join([*result.flags, *(["marked-late"] if result.marked_late else [])]),
    ]
