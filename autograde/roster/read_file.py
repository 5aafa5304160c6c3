"""A list of students as a learning management system exports it, read line by line; nothing is guessed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from autograde.delimited import FORMULA_STARTS, DelimitedTable, one_line, unguarded
from autograde.errors import UsageError
from autograde.roster.columns import Columns, find_columns
from autograde.roster.people import LONGEST, OF_STUDENT, Person
from autograde.untrusted.names import is_student
from descentlab.sentences import say

MOST_DAYS = 3650.0
BY_A_SPREADSHEET = re.compile(r"\d(?:[.,]\d+)?E\+\d+", re.IGNORECASE)  # what it makes of a long number
GROUPED = re.compile(
    r"(?<=\d)[\u00a0\u2009\u202f](?=\d)"
)  # the space in 12 345, as it shows a number in French
POINTS_POSSIBLE = "points possible"  # Canvas: a line of the table that is no student
TEST_STUDENT = ("student, test", "test student")  # Canvas: its teacher's own view


class RosterError(UsageError):
    """A list that is not taken: nothing of it was written. `problems` names each line and what to do."""

    problems: tuple[str, ...] = ()

    @classmethod
    def of(cls, file: Path, problems: Sequence[str]) -> RosterError:
        """The error of a file with these problems."""
        error = cls.say("{file}: nothing was taken from it.", file=file)
        error.problems = tuple(problems)
        return error


@dataclass(frozen=True)
class Listed:
    """What a file says: people by id, their days of extension by assignment, and what to tell of it."""

    people: dict[str, Person]
    days: dict[str, dict[str, float]]  # by student, by assignment; "" is all of them
    origin: str
    notes: tuple[str, ...] = ()


@dataclass
class _Lines:
    """What was read so far."""

    columns: Columns
    header: list[str]
    places: dict[str, int] = field(default_factory=dict)  # the number of the line of each id
    people: dict[str, Person] = field(default_factory=dict)
    days: dict[str, dict[str, float]] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def problem(self, line: int, template: str, /, **values: object) -> None:
        self.problems.append(say("line {line}: {what}", line=line, what=say(template, **values)))


def read_list(path: Path, headers: Mapping[str, str] | None = None, encoding: str | None = None) -> Listed:
    """The students whom a file lists.

    Args:
        headers: the header of a column by its kind, where the user names it.

    Raises:
        UsageError: no table, or no column of ids.
        RosterError: lines that cannot be taken.
    """
    table = DelimitedTable.read(path, encoding, has_option=True)
    rows = table.rows
    if not rows or not any(cell.strip() for cell in rows[0]):
        raise UsageError.say("{file} is empty: its first line has to name the columns.", file=path)
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
        raise UsageError.say("{file} names nobody below its first line.", file=path)
    return Listed(lines.people, lines.days, lines.columns.origin, tuple(lines.notes))


def _read_line(lines: _Lines, line: int, cells: Sequence[str]) -> None:
    if len(cells) > len(lines.header) and any(cell.strip() for cell in cells[len(lines.header) :]):
        lines.problem(
            line,
            "it has {cells} cells, the first line {header}: a comma in a name has to stand in quotes",
            cells=len(cells),
            header=len(lines.header),
        )
        return
    fields = {
        kind: unguarded(one_line(GROUPED.sub("", cells[column]))).strip() if column < len(cells) else ""
        for kind, column in lines.columns.places.items()
    }
    if lines.columns.origin == "Canvas" and not any(fields.values()):
        return  # the line below the header that says of assignments how they are posted
    whole = " ".join(fields.get("name", "").split()).casefold()
    if whole == POINTS_POSSIBLE or cells[0].strip().casefold() == POINTS_POSSIBLE:
        return
    if whole in TEST_STUDENT and lines.columns.origin == "Canvas":
        lines.notes.append(say("line {line}: Canvas's own test student was left out", line=line))
        return
    person = _person(lines, line, fields)
    if person is None:
        return
    if _is_new(lines, line, person):
        lines.places[person.id] = line
        lines.people[person.id] = person
    _read_days(lines, line, person.id, cells)


def _person(lines: _Lines, line: int, fields: Mapping[str, str]) -> Person | None:
    """The student of a line, or None and a problem."""
    header = lines.header[lines.columns.places["id"]].strip()
    who = fields["id"].removeprefix("#")  # Brightspace's mark before ids
    if not who:
        lines.problem(
            line, "no id in {header!r}. Is another column better? --column id=HEADER", header=header
        )
    elif BY_A_SPREADSHEET.fullmatch(who):
        lines.problem(
            line, "{id!r} is what a spreadsheet made of a long number: take the download as it came", id=who
        )
    elif not is_student(who) or who.startswith(FORMULA_STARTS):
        lines.problem(line, "{id!r} in {header!r} can be no student's id", id=who, header=header)
    else:
        first, last = fields.get("first_name", ""), fields.get("last_name", "")
        if not (first or last):
            first, last = _parts(fields.get("name", ""))
        person = Person(
            id=who,
            first_name=first,
            last_name=last,
            email=fields.get("email", ""),
            lms_user_id=fields.get("lms_user_id", "").removeprefix("#"),
            section=fields.get("section", ""),
        )
        long = next((name for name in OF_STUDENT if len(getattr(person, name)) > LONGEST), None)
        if long is None:
            return person
        lines.problem(
            line, "{kind} is longer than the {most} characters that nbgrader keeps", kind=long, most=LONGEST
        )
    return None


def _parts(whole: str) -> tuple[str, str]:
    """First and last name of `Last, First`; a name without a comma is not taken apart."""
    last, comma, first = whole.partition(",")
    return (first.strip(), last.strip()) if comma else ("", whole)


def _is_new(lines: _Lines, line: int, person: Person) -> bool:
    """Whether a student stands on a line for the first time; one on several for sections is one student."""
    who = person.id
    before = lines.people.get(who)
    if before is None:
        return True
    if replace(before, section="") != replace(person, section=""):
        lines.problem(
            line,
            "{id!r} stands on line {first} already, for {name!r}; here it is {other!r}",
            id=who,
            first=lines.places[who],
            name=before.full_name or before.email,
            other=person.full_name or person.email,
        )
        return False
    sections = [part for part in (before.section, person.section) if part]
    merged = "; ".join(dict.fromkeys(sections))
    lines.people[who] = replace(before, section=merged)
    first = lines.places[who]
    lines.notes.append(say("lines {first} and {line} are one student: {id}", first=first, line=line, id=who))
    return False


def _read_days(lines: _Lines, line: int, student: str, cells: Sequence[str]) -> None:
    for assignment, column in lines.columns.extensions.items():
        text = cells[column].strip() if column < len(cells) else ""
        if not text:
            continue
        try:
            days = float(text.replace(",", "."))
        except ValueError:
            days = -1.0
        if not 0 <= days <= MOST_DAYS:
            lines.problem(line, "an extension is a number of days, not {text!r}", text=text)
            continue
        before = lines.days.setdefault(student, {}).setdefault(assignment, days)
        if before != days:
            lines.problem(
                line,
                "an extension of {days:g} days for {id!r}, who has {before:g} on another line",
                days=days,
                id=student,
                before=before,
            )


def _compare(lines: _Lines) -> None:
    """Problems between two lines: ids that a computer may take for one, one address of two students."""
    for kind, template in (
        ("id", "{value!r} and {other!r} (line {first}) differ only in how they are written"),
        ("email", "the address {value!r} stands on line {first} as well, for {other!r}"),
        ("lms_user_id", "the number {value!r} stands on line {first} as well, for {other!r}"),
    ):
        seen: dict[str, str] = {}
        for who, person in lines.people.items():
            value = getattr(person, kind)
            alike = unicodedata.normalize("NFKC", value).casefold()
            if value and alike in seen:
                other = seen[alike]
                lines.problem(
                    lines.places[who], template, value=value, other=other, first=lines.places[other]
                )
            seen.setdefault(alike, who)
