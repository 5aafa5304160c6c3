"""What a person gave an answer, one by one and as a table."""

import math
import pwd
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from os import getuid
from pathlib import Path
from typing import Any

from autograde.delimited import DelimitedTable, guarded, unguarded
from autograde.entries.wording import points
from autograde.errors import UsageError

TAKEN_BACK = "taken back"  # in a table in place of points


@dataclass(frozen=True)
class Mark:
    """What a person gave one answer; None, or no comment, leaves what is there."""

    assignment: str
    student: str
    answer: str
    """notebook/grade_id"""
    points: float | None = None
    extra: float | None = None
    comment: str = ""
    of: str = ""
    """A digest of the answer that the person read; empty: any."""
    by: str = ""
    when: str = ""
    begins: str = ""
    """The first words of the answer, as a marks page shows it."""
    back: bool = False
    """Whether the points that stand are taken back, and the comment with them."""

    @property
    def where(self) -> tuple[str, str]:
        """The student and the answer."""
        return self.student, self.answer

    @property
    def values(self) -> dict[str, Any]:
        """What was given, by name."""
        return {
            name: value
            for name in ("points", "extra", "comment")
            if (value := getattr(self, name)) or (value == 0.0 and name == "points")
        }

    def __str__(self) -> str:
        words = [TAKEN_BACK] * self.back + [
            f"{name} {value!r}" if name == "comment" else f"{name} {points(value)}"
            for name, value in self.values.items()
        ]
        by = ", ".join(filter(None, (self.by, self.when)))
        return ", ".join(words) + (f" ({by})" if by else "")


*HEADER, BEGINS, _ = (field.name for field in fields(Mark))
NEEDED = HEADER[:4]


def signed(mark: Mark, marker: str = "") -> Mark:
    """The mark with who gave it and when: this marker or user now, where it does not say."""
    if mark.by:
        return mark
    with suppress(KeyError):  # a user without a name
        marker = marker or pwd.getpwuid(getuid()).pw_name
    return replace(mark, by=marker, when=f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC")


def marks_in(path: Path, encoding: str | None) -> list[Mark]:
    """The marks in a table with these headers, of which those after `points` may be left out.

    Raises:
        UsageError: it is no such table, or a line has no number where one belongs.
    """
    table = DelimitedTable.read(path, encoding)
    columns = {name: at for name in (*HEADER, BEGINS) if (at := table.column_index(name)) is not None}
    if missing := [name for name in NEEDED if name not in columns]:
        raise UsageError(f"{path} has no column {', '.join(missing)}. Columns: {', '.join(HEADER)}.")
    marks = []
    for line, cells in enumerate(table.rows[1:], 2):
        texts: dict[str, Any] = {
            name: "\n".join(map(unguarded, cells[at].strip().splitlines()))
            for name, at in columns.items()
            if at < len(cells)
        }
        if any(texts.values()):
            if back := texts.get("points") == TAKEN_BACK:
                texts["points"] = ""
            numbers = {name: _number(path, line, texts.get(name, "")) for name in ("points", "extra")}
            marks.append(Mark(**{**dict.fromkeys(NEEDED, ""), **texts, **numbers}, back=back))
    return marks


def compared(
    first: Iterable[Mark], second: Iterable[Mark], by: float, students: Mapping[str, str]
) -> tuple[list[str], str]:
    """A line for each answer whose points differ by at least so much in two tables, and how far they agree.

    Args:
        students: whose a code of a marks page is.

    Raises:
        UsageError: no answer has points in both.
    """
    one, other = (
        {(mark.assignment, *mark.where): mark for mark in marks if mark.points is not None}
        for marks in (first, second)
    )
    both = sorted(one.keys() & other.keys())
    if not both:
        raise UsageError("no answer has points in both tables. Compare tables of the same assignment.")
    away = {where: abs((one[where].points or 0.0) - (other[where].points or 0.0)) for where in both}
    lines = [
        f"{students.get(where[1], where[1])}, {one[where].begins or where[2]}: {one[where]}; {other[where]}"
        for where in both
        if away[where] >= max(by, 1e-9)
    ]
    same = sum(not distance for distance in away.values())
    mean = sum(away.values()) / len(both)
    return (
        lines,
        f"{same} of {len(both)} answers have the same points; they differ by {points(mean)} on average",
    )


def _number(path: Path, line: int, text: str) -> float | None:
    try:
        number = float(text.replace(",", ".") or 0.0)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise UsageError(f"{path}, line {line}: {text!r} is not a number of points.")
    return number if text else None


def _cell(value: str | float | None) -> str:
    if isinstance(value, str):
        return "\n".join(map(guarded, value.splitlines()))
    return "" if value is None else f"{value:g}"


def table_of(marks: Iterable[Mark]) -> bytes:
    """The marks as a table, which `marks_in` reads."""
    lines = [[_cell(getattr(mark, name)) for name in HEADER] for mark in marks]
    return DelimitedTable([HEADER, *lines]).write()
