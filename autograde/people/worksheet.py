"""Moodle's grading worksheet: whose number stands in the name of a file, and when each submission was sent."""

import re
from datetime import datetime
from pathlib import Path

from autograde.entries.matching import Matcher, Said, folded, said_in
from autograde.errors import UsageError
from autograde.people.people_table import NUMBER, read_people_table
from autograde.untrusted.timestamp import zone_of

# "Friday, 20 November 2026, 10:12 PM", "Freitag, 20. November 2026, 22:12", "20 de noviembre de 2026, 22:12"
TIME = re.compile(
    r"(\d{1,2})\.?(?: de)? ([^\W\d]+)\.?(?: de)? (\d{4})\D{1,3}(\d{1,2})[:.](\d\d)(?: ?([AP])M)?",
    re.IGNORECASE,
)
# How months begin in English, German, French, Spanish, Italian and Dutch, without accents.
MONTHS = (
    "jan ene gen, feb fev, mar maa mrt, apr avr abr, may mai mag mei, jun juin giu, jul juil lug, aug aou ago, sep set, "
    "oct okt ott, nov, dec dez dic"
)
MOODLE = "Moodle"
Worksheet = dict[str, tuple[str, Said, datetime | None]]
"""By the number in a file's name: how the line begins, what it says of the student, and the time by the course's clock."""


def read_worksheet(path: Path, matcher: Matcher) -> Worksheet:
    """What a worksheet says of each participant.

    Raises:
        UsageError: it is no worksheet, as no line begins with a participant's number, or a line names two people.
    """
    table = read_people_table(path)
    sheet = {}
    # The first header with a remark, "Last modified (submission)", in any language; the grade's comes later. Names and
    # texts, which students type, have none.
    place = next((at for at, name in enumerate(table.header) if "(" in name), len(table.header))
    for line, cells, fields in table.lines:
        if number := NUMBER.fullmatch(cells[0]) if cells else None:
            matcher.in_line(said_in(fields, MOODLE), f"{path}, line {line}:")
            said, when = said_in(fields, MOODLE, number[1]), time_in("".join(cells[place : place + 1]))
            sheet[number[1]] = cells[0], said, when
    if not sheet:
        raise UsageError(
            f"{path} is no grading worksheet of Moodle: no line begins with an identifier as Participant 2300"
        )
    return sheet


def time_in(cell: str) -> datetime | None:
    """The date and time in a cell, in any of these languages, and its zone where it names one."""
    if (found := TIME.search(cell)) is None:
        return None
    after = cell[found.end() :].strip()
    zone = zone_of(after)
    if after and zone is None:  # nobody knows of which zone
        return None
    day, word, year, hour, minute, half = found.groups()
    of_month = (
        month
        for month, starts in enumerate(MONTHS.split(", "), 1)
        if folded(word).startswith(tuple(starts.split()))
    )
    clock = int(hour) % 12 + 12 * (half.upper() == "P") if half else int(hour)
    try:
        return datetime(int(year), next(of_month, 0), int(day), clock, int(minute), tzinfo=zone)
    except ValueError:
        return None
