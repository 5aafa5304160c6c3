"""The roster in the gradebook: nbgrader's students, and a table of ours for membership, section and login."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from nbgrader.api import Gradebook, Student
from sqlalchemy import JSON, Column, String, Text, select

from autograde.course.gradebook import SharedGradebook
from autograde.course.tables import GradebookTable
from autograde.delimited import guarded, one_line
from autograde.entries.entry import Person
from autograde.entries.wording import counted, named, safe
from autograde.errors import UsageError
from autograde.people.whose import (
    Files,
    Matches,
    Roster,
    all_described,
    described,
    folded,
    in_any_case,
    nearest,
)
from autograde.untrusted.names import is_student

LONGEST = 128  # characters of a name, an address or an id in nbgrader's tables
TABLE = GradebookTable(
    "autograde_roster", "student", section=Text, login=String(LONGEST), id_number=String(LONGEST)
)
SYSTEMS = GradebookTable("autograde_system", "student system")
"""The learning systems whose lists have a student; who has none belongs to every system."""

GROUPS = GradebookTable("autograde_group", "student assignment", group=Text)
MATCHES = GradebookTable(
    "autograde_match",
    "system",
    Column("number", Text, primary_key=True),
    Column("sender", Text, primary_key=True),
    student=Text,
)
"""Whose a sender is, by `Said.place`: told by --match, or by a worksheet's keys."""
SENT = GradebookTable("autograde_sent", "assignment student", files=JSON)
"""What each student sent, by the names that the learning system gave it: also where none of it was collected.

`files` has names in submitted/ by paths in the download; an empty name was not collected."""
OF_STUDENT = ("first_name", "last_name", "email", "lms_user_id")  # columns of nbgrader's table
FIELDS = (*OF_STUDENT, "section", "login", "id_number")
UNIQUE = {"id": "id", "email": "address", "login": "login", "lms_user_id": "number", "id_number": "ID number"}


def read_roster(gradebook: Gradebook) -> Roster | None:
    """The roster; None where the course has none."""
    rows = TABLE.rows(gradebook)
    people = read_people(gradebook)
    systems = defaultdict(tuple)
    for who, system in SYSTEMS.rows(gradebook):
        systems[who] += (system,)
    return {
        who: replace(
            people.get(who, Person(who)),
            section=section,
            login=login,
            id_number=id_number,
            systems=systems[who],
        )
        for who, section, login, id_number in rows
    } or None


def read_people(gradebook: Gradebook) -> Roster:
    """Every student in nbgrader's table, by id."""
    columns = (Student.id, *(getattr(Student, name) for name in OF_STUDENT))
    return {row[0]: Person(*(value or "" for value in row)) for row in gradebook.db.execute(select(*columns))}


def write_people(gradebook: Gradebook, people: Collection[Person]) -> None:
    """Add people to the roster, or update them; within a transaction."""
    for person in people:
        fields = {name: getattr(person, name) or None for name in OF_STUDENT}
        gradebook.db.merge(Student(id=person.id, **fields))
    gradebook.db.flush()
    TABLE.put(gradebook, [{"student": one.id, **vars(one)} for one in people])
    SYSTEMS.put(gradebook, [{"student": one.id, "system": name} for one in people for name in one.systems])


def remove_people(gradebook: Gradebook, students: Iterable[str]) -> None:
    """Remove students from the roster; their names and grades stay. Within a transaction."""
    TABLE.remove(gradebook, [{"student": student} for student in students])


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


def show_roster(gradebook: Gradebook) -> None:
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


def too_long(person: Person) -> Iterator[str]:
    """A problem for each field that nbgrader's table cannot hold."""
    for name in OF_STUDENT:
        if len(getattr(person, name)) > LONGEST:
            yield f"{name} is longer than nbgrader's {LONGEST} characters"


def group_names(gradebook: Gradebook) -> set[str]:
    """The names of all groups, whatever the assignment."""
    return {name for (name,) in GROUPS.rows(gradebook, "group")}


def shared_values(people: Iterable[Person]) -> Iterator[str]:
    """A problem for each value that should tell students apart and that two of them share, also in another case; a
    number is a system's.
    """
    for name, noun in UNIQUE.items():
        holders: dict[str, list[Person]] = defaultdict(list)
        for person in people:
            if not (value := getattr(person, name)):
                continue
            others = holders[in_any_case(value)]
            for holder in others:
                if name != "lms_user_id" or not person.systems or any(map(holder.is_of, person.systems)):
                    yield f"the {noun} {value!r} of {described(person)} is also that of {described(holder)}"
                    break
            others.append(person)


def named_as_groups(people: Iterable[Person], groups: Collection[str]) -> Iterator[str]:
    """A problem for each value that should tell students apart and that is a group's name or looks like it."""
    taken = {folded(name): name for name in groups}
    for person in people:
        for name, noun in UNIQUE.items():
            if group := taken.get(folded(getattr(person, name))):
                yield f"the {noun} of {described(person)} is the name of a group: {group!r}"


def require_on_roster(students: Iterable[str], roster: Roster) -> None:
    """Refuse students who are not on the roster.

    Raises:
        UsageError: naming the first of them and the nearest people.
    """
    for student in students:
        if student not in roster:
            close = all_described(nearest(Person(student), roster.values()))
            more = f". Did you mean {close}?" if close else ": autograde roster show"
            raise UsageError(f"{student!r} is not on the roster{more}")


def read_matches(gradebook: Gradebook) -> Matches:
    """What is kept about senders, for `Whose.kept`."""
    return {(system, number, sender): who for system, number, sender, who in MATCHES.rows(gradebook)}


def read_sent(gradebook: Gradebook, assignment: str) -> dict[str, Files]:
    """The files that were sent for an assignment, by student."""
    return dict(SENT.rows(gradebook, "student", "files", assignment=assignment))


def files_not_collected(gradebook: Gradebook, assignment: str) -> dict[str, str]:
    """Who sent only files that were not collected, and which, in words."""
    return {
        student: f"sent {named([path.rpartition('/')[2] for path in files])}, which was not collected"
        for student, files in read_sent(gradebook, assignment).items()
        if not any(files.values())
    }
