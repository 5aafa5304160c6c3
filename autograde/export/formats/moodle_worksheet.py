"""Moodle's grading worksheet of one assignment: only `Grade` is filled."""

from __future__ import annotations

from collections.abc import Sequence

from autograde.delimited import DelimitedTable
from autograde.errors import UsageError
from autograde.export.formats.moodle import KEYS
from autograde.export.rows import ScoreRow
from autograde.export.table import Exported, fill

NAME = "moodle-worksheet"


def export(rows: Sequence[ScoreRow], template: DelimitedTable | None, column: str | None) -> Exported:
    """The worksheet that the teacher downloaded, with grades.

    Raises:
        UsageError: no template: only Moodle knows its participants' numbers.
    """
    if template is None:
        raise UsageError.say(
            "moodle-worksheet needs --template: the grading worksheet that Moodle offers to download."
        )
    at = template.column_index("Maximum Grade")

    def most(cells: list[str], place: int) -> str:
        return cells[at] if at is not None and at < len(cells) else ""

    return fill(template, column or "Grade", KEYS, rows, most=most)
