"""Moodle's grading worksheet: whose number stands in the name of a file, and when each submission was sent."""

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from autograde.delimited import DelimitedTable
from autograde.errors import UsageError
from autograde.people.roster import folded

# "Friday, 20 November 2026, 10:12 PM", "Freitag, 20. November 2026, 22:12", "20 de noviembre de 2026, 22:12"
TIME = re.compile(
    r"(\d{1,2})\.?(?: de)? ([^\W\d]+)\.?(?: de)? (\d{4})\D{1,3}(\d{1,2})[:.](\d\d)(?: ?([AP])M)?",
    re.IGNORECASE,
)
# How months begin in English, German, French, Spanish, Italian and Dutch, without accents.
MONTHS = (
    "jan ene gen", "feb fev", "mar maa mrt", "apr avr abr", "may mai mag mei", "jun juin giu", "jul juil lug",
    "aug aou ago", "sep set", "oct okt ott", "nov", "dec dez dic",
)  # fmt: skip
NUMBER = re.compile(r"\D+(\d+)")

Worksheet = dict[str, tuple[str | None, datetime | None]]
"""By the number in a file's name: the student, and the time by the course's clock; None where it is not known."""


def read_worksheet(path: Path, student_in: Callable[[Sequence[str]], str | None]) -> Worksheet:
    """Read a worksheet; `student_in` finds the student whose address, id or name is one of a line's cells.

    Raises:
        UsageError: it is no worksheet: no line begins with a participant's number.
    """
    sheet: Worksheet = {}
    for cells in DelimitedTable.read(path).rows[1:]:
        if number := NUMBER.fullmatch(cells[0]) if cells else None:
            times = filter(None, map(time_in, cells))  # that of the submission is before that of the grade
            sheet[number[1]] = student_in(cells[1:]), next(times, None)
    if not sheet:
        raise UsageError(
            f"{path} is no grading worksheet of Moodle: no line begins with an identifier as Participant 2300"
        )
    return sheet


def time_in(cell: str) -> datetime | None:
    """The date and time in a cell, in any of these languages."""
    if (found := TIME.search(cell)) is None:
        return None
    day, word, year, hour, minute, half = found.groups()
    of_month = (
        month for month, starts in enumerate(MONTHS, 1) if folded(word).startswith(tuple(starts.split()))
    )
    clock = int(hour) % 12 + 12 * (half.upper() == "P") if half else int(hour)
    try:
        return datetime(int(year), next(of_month, 0), int(day), clock, int(minute))
    except ValueError:
        return None
