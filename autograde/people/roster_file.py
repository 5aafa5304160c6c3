"""A list of students as a learning management system exports it, read line by line; nothing is guessed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from autograde.delimited import FORMULA_STARTS, DelimitedTable, one_line, unguarded
from autograde.errors import UsageError
from autograde.people.columns import Columns, find_columns
from autograde.people.roster import Person, too_long
from autograde.untrusted.names import is_student

MOST_DAYS = 3650.0
BY_A_SPREADSHEET = re.compile(r"\d(?:[.,]\d+)?E\+\d+", re.IGNORECASE)  # what it makes of a long number
POINTS_POSSIBLE = "points possible"  # Canvas: a line of the table that is no student
TEST_STUDENT = ("student, test", "test student")  # Canvas: its teacher's own view
UNIQUE = {"id": "id", "email": "address", "login": "login", "lms_user_id": "number"}


class RosterError(UsageError):
    """A refused list: nothing of it was written. `problems` names each line and what to do."""

    problems: tuple[str, ...] = ()

    @classmethod
    def of(cls, file: Path, problems: Sequence[str]) -> RosterError:
        """The error of a file with these problems."""
        error = cls(f"{file}: nothing was imported.")
        error.problems = tuple(problems)
        return error


@dataclass(frozen=True)
class Listed:
    """A file's people by id, their days of extension by assignment, and notes."""

    people: dict[str, Person]
    days: dict[str, dict[str, float]]  # by student, by assignment; "" is all of them
    origin: str
    notes: tuple[str, ...] = ()


@dataclass
class _Lines:
    """What was read so far."""

    columns: Columns
    header: list[str]
    places: dict[str, int] = field(default_factory=dict)  # the line number of each id
    people: dict[str, Person] = field(default_factory=dict)
    days: dict[str, dict[str, float]] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def problem(self, line: int, reason: str) -> None:
        self.problems.append(f"line {line}: {reason}")


def read_list(path: Path, headers: Mapping[str, str] | None = None, encoding: str | None = None) -> Listed:
    """The students in a file.

    Args:
        headers: the header of a column by its kind, where the user names it.

    Raises:
        UsageError: no table, or no column of ids.
        RosterError: lines that cannot be taken.
    """
    rows = DelimitedTable.read(path, encoding, has_option=True).rows
    if not rows or not any(cell.strip() for cell in rows[0]):
        raise UsageError(f"{path} is empty: its first line has to name the columns.")
    filled = [
        any(len(cells) > column and cells[column].strip() for cells in rows[1:])
        for column in range(len(rows[0]))
    ]
    lines = _Lines(find_columns(rows[0], filled, headers or {}), rows[0])
    for line, cells in enumerate(rows[1:], 2):
        if any(cell.strip() for cell in cells):
            _read_line(lines, line, cells)
    _compare(lines)
    if lines.problems:
        raise RosterError.of(path, lines.problems)
    if not lines.people:
        raise UsageError(f"{path} has no student below its first line.")
    return Listed(lines.people, lines.days, lines.columns.origin, tuple(lines.notes))


def _read_line(lines: _Lines, line: int, cells: Sequence[str]) -> None:
    width = len(lines.header)
    if any(cell.strip() for cell in cells[width:]):
        reason = f"{len(cells)} cells, but {width} in the first line. Put a name with a comma in quotes"
        return lines.problem(line, reason)
    fields = {
        kind: unguarded(one_line(cells[column])).strip() if column < len(cells) else ""
        for kind, column in lines.columns.places.items()
    }
    whole = " ".join(fields.get("name", "").split()).casefold()
    if POINTS_POSSIBLE in (whole, cells[0].strip().casefold()):
        return None
    if lines.columns.origin == "Canvas" and not any(fields.values()):
        return None  # the line below the header on how assignments are posted
    if lines.columns.origin == "Canvas" and whole in TEST_STUDENT:
        return lines.notes.append(f"line {line}: skipped Canvas's test student")
    try:
        person = _person(lines, fields)
        _add(lines, line, person)
        for assignment, column in lines.columns.extensions.items():
            if text := cells[column].strip() if column < len(cells) else "":
                _add_days(lines, person.id, assignment, text)
    except ValueError as reason:
        lines.problem(line, str(reason))


def _person(lines: _Lines, fields: Mapping[str, str]) -> Person:
    header = lines.header[lines.columns.places["id"]].strip()
    who = fields["id"].removeprefix("#")  # Brightspace's mark before ids
    if not who:
        raise ValueError(f"no id in {header!r}. Is another column better? --column id=HEADER")
    if BY_A_SPREADSHEET.fullmatch(who):
        raise ValueError(f"{who!r} is a long number that a spreadsheet rounded: import the original download")
    if not is_student(who) or who.startswith(FORMULA_STARTS):
        raise ValueError(f"{who!r} in {header!r} cannot be a student's id")
    first, last = fields.get("first_name", ""), fields.get("last_name", "")
    if not (first or last):  # a whole name without a comma is not split
        last, _, first = (part.strip() for part in fields.get("name", "").partition(","))
    login = fields.get("login", "").removeprefix("#")
    person = Person(
        id=who,
        first_name=first,
        last_name=last,
        email=fields.get("email", ""),
        lms_user_id=fields.get("lms_user_id", "").removeprefix("#"),
        section=fields.get("section", ""),
        login="" if login == who else login,
    )
    if long := too_long(person):
        raise ValueError(long)
    return person


def _add(lines: _Lines, line: int, person: Person) -> None:
    """Add a student; one who is on several lines for several sections is one student."""
    who = person.id
    before = lines.people.get(who)
    if before is None:
        lines.places[who], lines.people[who] = line, person
        return
    if replace(before, section="") != replace(person, section=""):
        names = [one.full_name or one.email for one in (before, person)]
        raise ValueError(f"{who!r} is {names[0]!r} on line {lines.places[who]}, but {names[1]!r} here")
    sections = [part for part in (before.section, person.section) if part]
    lines.people[who] = replace(before, section="; ".join(dict.fromkeys(sections)))
    lines.notes.append(f"lines {lines.places[who]} and {line} are one student: {who}")


def _add_days(lines: _Lines, student: str, assignment: str, text: str) -> None:
    try:
        days = float(text.replace(",", "."))
    except ValueError:
        days = -1.0
    if not 0 <= days <= MOST_DAYS:
        raise ValueError(f"an extension is a number of days, not {text!r}")
    before = lines.days.setdefault(student, {}).setdefault(assignment, days)
    if before != days:
        raise ValueError(f"an extension of {days:g} days for {student!r}, but {before:g} on another line")


def _compare(lines: _Lines) -> None:
    """Problems between two lines: values of two students that a computer may take for one."""
    for kind, noun in UNIQUE.items():
        seen: dict[str, str] = {}
        for who, person in lines.people.items():
            value = getattr(person, kind)
            other = seen.setdefault(unicodedata.normalize("NFKC", value).casefold(), who)
            if value and other != who:
                lines.problem(
                    lines.places[who],
                    f"the {noun} {value!r} is also on line {lines.places[other]}, of {other!r}",
                )
