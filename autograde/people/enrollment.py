"""The roster as commands change it: a student more or less, or a list as a learning system exports it.

A list is imported wholly or not at all.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from autograde.book.gradebook import SharedGradebook
from autograde.book.roster import (
    FIELDS,
    group_names,
    named_as_groups,
    read_people,
    read_roster,
    remove_people,
    require_on_roster,
    shared_values,
    too_long,
    write_people,
)
from autograde.delimited import guarded, one_line
from autograde.entries.entry import Person
from autograde.entries.matching import Roster, described, folded, names_of
from autograde.entries.wording import MOST_NAMED, counted, lines_about, named, safe
from autograde.errors import UsageError
from autograde.people.people_table import (
    BY_A_SPREADSHEET,
    HEADERS,
    KINDS,
    PACKING,
    is_no_student,
    plain,
    read_people_table,
)
from autograde.untrusted.names import NOT_IN_IDS, is_student, printable

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


def add_student(gradebook: SharedGradebook, student: str, **fields: str | None) -> str:
    """Add a student to the roster, or change these fields where they are given; returns a line for the terminal.

    Raises:
        UsageError: the id cannot be a student's, a field is too long, or another student has the address.
        CourseError: the gradebook refuses.
    """
    if not is_student(student) or guarded(student) != student:
        raise UsageError(f"{student!r} cannot be a student's id.")
    with gradebook.transaction():
        roster = read_roster(gradebook) or {}
        known = roster.pop(student, None) or read_people(gradebook).get(student, Person(student))
        new: dict[str, Any] = {
            name: one_line(text).strip() for name, text in fields.items() if text is not None
        }
        person = replace(known, **new)
        shared = shared_values([*roster.values(), person])
        for problem in (*too_long(person), *shared, *named_as_groups([person], group_names(gradebook))):
            raise UsageError(f"{problem}.")
        write_people(gradebook, [person])
    return f"{described(person)}: on the roster ({len(roster) + 1} students)."


def remove_students(gradebook: SharedGradebook, students: Sequence[str]) -> str:
    """Remove students from the roster; returns a line for the terminal.

    Raises:
        UsageError: one of them is not on it.
        CourseError: the gradebook refuses.
    """
    with gradebook.transaction():
        roster = read_roster(gradebook) or {}
        require_on_roster(students, roster)
        remove_people(gradebook, students)
    left = len(roster) - len(set(students))
    if not left:
        return "the roster is empty: every submission is graded and exported."
    return f"{counted(left, 'student')} on the roster."


def show_roster(gradebook: SharedGradebook) -> None:
    """Print the roster as a table.

    Raises:
        UsageError: no roster.
    """
    from rich.console import Console  # other commands start without it
    from rich.table import Table

    console = Console()
    roster = read_roster(gradebook)
    if roster is None:
        raise UsageError(
            "no roster: every submission is graded and exported. Import one: autograde roster import FILE.csv"
        )
    titles = {
        "id": "student", "name": "name", "email": "e-mail", "lms_user_id": "LMS id", "login": "login",
        "id_number": "ID number", "section": "section", "in_systems": "systems",
    }  # fmt: skip
    shown = [name for name in titles if any(getattr(person, name) for person in roster.values())]
    table = Table(box=None, pad_edge=False)
    for name in shown:
        table.add_column(titles[name], overflow="fold")
    for person in roster.values():
        table.add_row(*(safe(getattr(person, name)) for name in shown))
    console.print(table)
    console.print(counted(len(roster), "student"))
    if others := sorted(read_people(gradebook).keys() - roster.keys()):
        console.print(f"in the gradebook, not on the roster: {safe(named(others))}", soft_wrap=True)
