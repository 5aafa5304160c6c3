"""A line a student, an assignment and an answer: for scripts."""

from __future__ import annotations

from collections.abc import Sequence

from autograde.delimited import DelimitedTable, guarded, write_table
from autograde.export.formats.wide import WHO, refuse_template, who_cells
from autograde.export.rows import ScoreRow
from autograde.export.table import Exported, number

NAME = "long"
SEVERAL = True  # takes the rows of several assignments
OF_ANSWER = ("notebook", "answer", "check", "score", "max_score", "mistake", "sentence")
HEADER = ("assignment", *WHO, "status", *OF_ANSWER)


def export(rows: Sequence[ScoreRow], template: DelimitedTable | None, column: str | None) -> Exported:
    """Every answer with what was wrong with it; who has handed in nothing has one line without an answer.

    Raises:
        UsageError: a template or a column, which this format does not have.
    """
    refuse_template(NAME, template, column)
    lines = []
    for row in rows:
        start = [guarded(row.assignment), *who_cells(row), row.result.status]
        for cell in row.result.cells:
            named = cell.notebook, cell.grade_id, cell.check or ""
            scored = number(cell.score), number(cell.max_score)
            lines.append([*start, *map(guarded, named), *scored, cell.mistake or "", guarded(cell.sentence)])
        if not row.result.cells:
            lines.append([*start, "", "", "", number(row.final), number(row.result.max_score), "", ""])
    return Exported(write_table([HEADER, *lines]), open_scores=True)
