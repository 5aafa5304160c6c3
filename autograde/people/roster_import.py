"""A list of students, as a learning management system exports it, onto the roster: all of it or nothing."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from autograde.course.gradebook import SharedGradebook
from autograde.course.wording import MOST_NAMED, counted, lines_about
from autograde.delimited import DelimitedTable, guarded, one_line, unguarded
from autograde.errors import UsageError
from autograde.people.roster import (
    FIELDS,
    Person,
    Roster,
    described,
    folded,
    group_names,
    named_as_groups,
    read_people,
    read_roster,
    remove_people,
    shared_values,
    too_long,
    write_people,
)
from autograde.people.whose import names_of
from autograde.untrusted.names import NOT_IN_IDS, is_student, printable

BY_A_SPREADSHEET = re.compile(r"\d(?:[.,]\d+)?E\+\d+", re.IGNORECASE)  # what it makes of a long number
POINTS_POSSIBLE = "points possible"  # Canvas: a line of the table that is not a student
TEST_STUDENT = ("student, test", "test student")  # Canvas: its teacher's own view
MOST_PROBLEMS = 10  # problems
CHANGED_ID = (
    " Grades are kept by id: name the column with the roster's ids (--column id=HEADER). If a student's id has "
    "changed, keep the old one in the file; if they are two, first remove one: autograde roster remove ID"
)

OTHER_COLUMNS = (
    "the e-mail addresses are the ids. Columns that were not taken: {students}. To take one: --column id=HEADER, or "
    "first_name, last_name, section …"
)
OTHER_NAME = (
    " If they are two people, name other columns: --column id=HEADER --column id_number=HEADER. If they are one, take "
    "the file's name first: autograde roster add ID --first-name FIRST --last-name LAST"
)

Headers = tuple[str, ...]  # the first that is there counts


def plain(name: str) -> str:
    """A header in small letters and single blanks, for comparing."""
    return " ".join(name.split()).casefold()


def _names(text: str) -> Headers:
    """The headers in a text with commas between them; a kind's name with a $ stands for all of the kind's."""
    words = map(str.strip, text.split(","))
    return tuple(name for word in words for name in (HEADERS[word[1:]] if word[0] == "$" else (plain(word),)))


@dataclass(frozen=True)
class Origin:
    """A system: the headers that give its files away, and the columns that have other headers there than `HEADERS`."""

    name: str
    known_by: tuple[Headers, ...]  # one of each
    columns: dict[str, Headers]
    """By kind."""


_KNOWN = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
KINDS = _names(_KNOWN["kinds"])
"""What a roster's column can be. `name` is a whole name in one cell."""
HEADERS: dict[str, Headers] = {}
"""What the systems call each kind of column, and some of its cells, in several languages."""
for _kind, _text in _KNOWN["headers"].items():
    HEADERS[_kind] = _names(_text)
ORIGINS = [
    Origin(
        one["name"],
        tuple(map(_names, one["known_by"])),
        {kind: _names(text) for kind, text in one["columns"].items()},
    )
    for one in _KNOWN["origins"]
]


PACKING = ("Canvas", "Moodle", "Blackboard", "Brightspace")  # submissions come from these


class RosterError(UsageError):
    """A refused list: nothing of it was written. `problems` names the first lines and what to do."""

    def __init__(self, file: Path, problems: Sequence[str], remedy: str = "") -> None:
        super().__init__(f"{file}: nothing was imported.{remedy}")
        more = len(problems) - MOST_PROBLEMS
        self.problems = (*map(printable, problems[:MOST_PROBLEMS]), *[f"and {more} more"] * (more > 0))


def columns_asked(words: Sequence[str]) -> dict[str, str]:
    """The headers in `--column KIND=HEADER`, by kind.

    Raises:
        UsageError: another form, or no such kind.
    """
    headers = {}
    for word in words:
        kind, equals, header = word.partition("=")
        if not equals or not header.strip() or kind not in KINDS:
            raise UsageError(f"--column {word}: write KIND=HEADER; KIND is one of {', '.join(KINDS)}.")
        headers[kind] = header
    return headers


def _find_columns(
    rows: Sequence[Sequence[str]], origin: Origin, headers: Mapping[str, str]
) -> dict[str, int]:
    """The column of each kind, of several the first that is not empty.

    Raises:
        UsageError: two columns of one name, or a missing one.
    """
    names = list(map(plain, rows[0]))
    every = ", ".join(repr(name.strip()) for name in rows[0] if name.strip())
    asked = {kind: (plain(header),) for kind, header in headers.items()}
    usual = {**HEADERS, **origin.columns, **asked}
    columns = {}
    for kind in (*KINDS, "group", "maximum"):
        there = [name for name in usual[kind] if name in names]
        if kind in headers and not there:
            raise UsageError(f"--column {kind}={headers[kind]}: no such column. Columns: {every}.")
        if not there:
            continue
        filled = (name for name in there if any(cells[names.index(name)].strip() for cells in rows[1:]))
        best = next(filled, there[0])
        if names.count(best) > 1:
            raise UsageError(f"two columns are named {rows[0][names.index(best)].strip()!r}: remove one.")
        columns[kind] = names.index(best)
    return columns


@dataclass(frozen=True)
class PeopleTable:
    """A table with a line for each person, of whatever system."""

    origin: Origin
    header: Sequence[str]
    columns: dict[str, int]
    """By kind."""
    lines: list[tuple[int, Sequence[str], dict[str, str]]]
    """The number of each line, its cells, and those of a kind by kind: empty where there is none."""

    @property
    def left_by_addresses(self) -> list[str]:
        """Where addresses are the ids, the headers of columns that are nothing here."""
        if self.columns["id"] != self.columns.get("email"):
            return []
        return [
            name for at, name in enumerate(self.header) if at not in self.columns.values() and name.strip()
        ]


def read_people_table(
    path: Path, headers: Mapping[str, str] | None = None, encoding: str | None = None
) -> PeopleTable:
    """A table, and what each of its columns is by its header.

    Raises:
        UsageError: no table, two columns of one name, or a missing one.
    """
    rows = DelimitedTable.read(path, encoding).rows
    if not rows or not any(cell.strip() for cell in rows[0]):
        raise UsageError(f"{path} is empty: its first line has to name the columns.")
    return people_in(rows, headers)


def people_in(rows: Sequence[Sequence[str]], headers: Mapping[str, str] | None = None) -> PeopleTable:
    """The people in a table with this first line; each line has as many cells as the first, or more.

    Raises:
        UsageError: two columns of one name, or a missing one.
    """
    rows = [[*cells, *[""] * (len(rows[0]) - len(cells))] for cells in rows]
    names = set(map(plain, rows[0]))
    origin = next(one for one in ORIGINS if all(names.intersection(group) for group in one.known_by))
    columns = _find_columns(rows, origin, headers or {})
    lines = []
    for line, cells in enumerate(rows[1:], 2):
        fields = dict.fromkeys(KINDS, "")
        fields |= {kind: unguarded(one_line(cells[column])).strip() for kind, column in columns.items()}
        if not (fields["first_name"] or fields["last_name"]):  # a whole name without a comma is not split
            last, _, first = fields["name"].partition(",")
            fields |= {"last_name": last.strip(), "first_name": first.strip()}
        lines.append((line, cells, fields))
    return PeopleTable(origin, rows[0], columns, lines)


def read_list(
    path: Path, headers: Mapping[str, str] | None = None, encoding: str | None = None
) -> tuple[str, Roster, list[str]]:
    """The system that a file comes from, empty where it is unknown, the students in it, and the ids of teachers.

    Args:
        headers: the header of a column by its kind, where the user names it.

    Raises:
        UsageError: no table, or no column of ids.
        RosterError: lines that cannot be taken.
    """
    table = read_people_table(path, headers, encoding)
    if "id" not in table.columns:
        every = ", ".join(repr(name.strip()) for name in table.header if name.strip())
        raise UsageError(f"no column of ids. Columns: {every}. Name the one with the ids: --column id=HEADER")
    width, origin = len(table.header), table.origin
    people, teachers, problems = {}, [], []
    for line, cells, fields in table.lines:
        if any(word in fields["role"].casefold() for word in HEADERS["teachers"]):
            teachers.append(fields["id"])
            continue
        if is_no_student(origin.name, cells, fields):
            continue
        try:
            if any(cell.strip() for cell in cells[width:]):
                raise ValueError(
                    f"{len(cells)} cells, but {width} in the first line. Put a name with a comma in quotes"
                )
            person = _person(table.header[table.columns["id"]].strip(), fields, origin.name)
            if person.id in people:
                raise ValueError(f"the id {person.id!r} is also on a line above")
            people[person.id] = person
        except ValueError as reason:
            problems.append(f"line {line}: {reason}")
    problems += shared_values(people.values())
    if problems:
        raise RosterError(path, problems)
    if not people:
        raise UsageError(f"{path} has no student below its first line.")
    return origin.name, people, teachers


def is_no_student(system: str, cells: Sequence[str], fields: Mapping[str, str]) -> bool:
    """Whether a line is empty or one of the system's own: how assignments are posted, points, a teacher's test student."""
    names = {plain(fields["name"]), plain(cells[0])}
    return (
        not any(cell.strip() for cell in cells)
        or (system == "Blackboard" and fields["id"].endswith("_previewuser"))
        or POINTS_POSSIBLE in names
        or (system == "Canvas" and (not names.isdisjoint(TEST_STUDENT) or not any(fields.values())))
    )


def _person(header: str, fields: Mapping[str, str], system: str) -> Person:
    who = fields["id"].removeprefix("#")  # Brightspace's mark before ids
    if not who:
        raise ValueError(f"no id in {header!r}. Is another column better? --column id=HEADER")
    if BY_A_SPREADSHEET.fullmatch(who):
        raise ValueError(f"{who!r} is a long number that a spreadsheet rounded: import the original download")
    if not is_student(who) or guarded(who) != who:
        raise ValueError(
            f"{who!r} in {header!r} cannot be a student's id: it may hold none of {NOT_IN_IDS}, nor begin as a "
            "formula does. Is another column better? --column id=HEADER"
        )
    login = fields["login"].removeprefix("#")
    person = Person(
        id=who,
        first_name=fields["first_name"],
        last_name=fields["last_name"],
        email=fields["email"],
        lms_user_id=fields["lms_user_id"].removeprefix("#"),
        section="" if plain(fields["section"]) in HEADERS["no_groups"] else fields["section"],
        login="" if login == who else login,
        id_number=fields["id_number"].removeprefix("#"),
        systems=(system,) if system in PACKING else (),
    )
    for problem in too_long(person):
        raise ValueError(problem)
    return person


def _is_one(was: Person, person: Person) -> bool:
    """Whether a key joins the two: names agree where the systems differ, else they have a word in common. Who is of two
    systems was joined before, and can have a name in each.
    """
    known, listed = {*was.systems}, {*person.systems}
    if listed and listed < known:
        return True
    if listed and known and not listed & known:
        ours, theirs = names_of(was), names_of(person)
    else:
        ours, theirs = (set(folded(one.full_name).split()) for one in (was, person))
    return not (ours and theirs) or not ours.isdisjoint(theirs)


def import_list(
    gradebook: SharedGradebook,
    path: Path,
    headers: Mapping[str, str],
    encoding: str | None,
    remove_missing: bool,
) -> list[str]:
    """Put the students in a file on the roster; returns lines on what changed.

    Args:
        remove_missing: remove students who are not in the file.

    Raises:
        UsageError: no table, or no column of ids.
        RosterError: lines that cannot be taken, or ids that seem to have changed.
        CourseError: the gradebook refuses.
    """
    origin, listed, teachers = read_list(path, headers, encoding)
    people, added, changed, problems = {}, [], [], []
    with gradebook.transaction():
        roster = read_roster(gradebook) or {}
        known = read_people(gradebook) | roster
        by_key = {one.id_number: one for one in known.values() if one.id_number} | known
        for person in listed.values():
            was = by_key.get(person.id) or by_key.get(person.id_number) or Person(person.id)
            who = was.id
            if not _is_one(was, person):
                problems.append(f"{described(person)} has the id or the ID number of {described(was)}")
            if person.id not in (who, person.id_number):
                person = replace(person, login=person.login or person.id)
            if not person.first_name and names_of(was) & names_of(person):  # the same in one cell
                person = replace(person, last_name=was.last_name)
            # A missing column or an empty cell removes nothing.
            new = {
                name: value
                for name in FIELDS
                if (value := getattr(person, name)) != getattr(was, name) and value
            }
            people[who] = replace(was, **new, systems=tuple({*was.systems, *person.systems}))
            if who not in roster:
                added.append(who)
            elif new:
                changed.append(f"{who} ({', '.join(new)})")
        if problems:
            raise RosterError(path, problems, OTHER_NAME)
        if problems := list(shared_values((roster | people).values())):
            raise RosterError(path, problems, CHANGED_ID)
        if problems := list(named_as_groups(people.values(), group_names(gradebook))):
            raise RosterError(path, problems)
        write_people(gradebook, people.values())
        unlisted = [who for who, one in roster.items() if who not in people and one.is_of(origin)]
        removed, kept = (unlisted, []) if remove_missing else ([], unlisted)
        remove_people(gradebook, removed)
    told = {"new: {students}": added, "changed: {students}": changed, "removed: {students}": removed}
    lines = list(lines_about(told, most=MOST_NAMED)) or ["nothing new"]
    if len(lengths := {len(who): who for who in sorted(people) if who.isdecimal()}) > 1:
        some = " and ".join(map(repr, sorted(lengths.values(), key=len)))
        lines.append(f"ids of different lengths, as {some}: did a spreadsheet drop zeros at their beginning?")
    told = {
        "not in the file, kept on the roster: {students}. To remove them: --remove-missing": kept,
        "left out, as they teach: {students}": teachers,
        "without a name: {students}": [who for who, person in people.items() if not person.full_name],
        OTHER_COLUMNS: []
        if "id" in headers
        else read_people_table(path, headers, encoding).left_by_addresses,
    }
    lines += lines_about(told, most=MOST_NAMED)
    students = counted(len(roster | people) - len(removed), "student")
    return [*lines, f"{students} on the roster ({origin or 'CSV'} list)."]
