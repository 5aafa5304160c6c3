"""The roster in the gradebook: nbgrader's students, and tables of ours for membership, section, login and groups."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace

from nbgrader.api import Gradebook, Student
from sqlalchemy import JSON, Column, String, Text, select

from autograde.book.gradebook import SharedGradebook
from autograde.book.late import ALL_ASSIGNMENTS
from autograde.book.tables import GradebookTable
from autograde.course.course import Course
from autograde.entries.entry import Groups, Person
from autograde.entries.matching import (
    Files,
    Matches,
    Roster,
    all_described,
    casefolded,
    described,
    folded,
    nearest,
)
from autograde.entries.wording import named
from autograde.errors import UsageError
from autograde.untrusted.names import shell_word

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
"""Whose a sender is, by `Said.sender_key`: told by --match, or by a worksheet's keys."""

SENT = GradebookTable("autograde_sent", "assignment student", files=JSON)
"""What each student sent, by the names that the learning system gave it: also where none of it was collected.

`files` has names in submitted/ by paths in the download; an empty name was not collected."""

OF_STUDENT = ("first_name", "last_name", "email", "lms_user_id")  # columns of nbgrader's table
FIELDS = (*OF_STUDENT, "section", "login", "id_number")
IN_TWO_WAYS = (
    "handed in alone and with {group}, and neither counts. Remove one: autograde student erase {student} "
    "--assignment {assignment} --yes, or leave the group: autograde groups import FILE --assignment {assignment}"
)
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
            others = holders[casefolded(value)]
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
    """What is kept about senders, for `Matcher.kept`."""
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


def read_groups(gradebook: Gradebook, assignment: str | None) -> Groups:
    """The groups of an assignment: its own where there are any, else those of the course."""
    for name in dict.fromkeys((assignment or ALL_ASSIGNMENTS, ALL_ASSIGNMENTS)):
        if rows := GROUPS.rows(gradebook, "student", "group", assignment=name):
            return dict(rows)
    return {}


def members_of(groups: Groups) -> dict[str, list[str]]:
    """The members by the group's name."""
    members = defaultdict(list)
    for student, group in groups.items():
        members[group].append(student)
    return members


def read_submitters(
    course: Course, gradebook: Gradebook, assignment: str, graded: Collection[str], roster: Roster | None
) -> Groups:
    """Under whose name students hand in, where it is not their id: a group's, or the id in another case."""
    groups = read_groups(gradebook, assignment)
    ids = {casefolded(student): student for student in roster or ()}
    names = {*graded, *course.submitters(assignment)}
    for name in names - set(roster or ()) - set(groups.values()):
        if student := ids.get(casefolded(name)):
            groups[student] = name
    return groups


def write_groups(gradebook: SharedGradebook, groups: Groups, assignment: str | None) -> None:
    """Store the groups of an assignment, or of the course, in place of those before; within a transaction."""
    assignment = assignment or ALL_ASSIGNMENTS
    GROUPS.remove(gradebook, [row._mapping for row in GROUPS.rows(gradebook, assignment=assignment)])
    rows = [{"student": who, "assignment": assignment, "group": name} for who, name in groups.items()]
    GROUPS.put(gradebook, rows)


def in_two_ways(student: str, group: str, assignment: str) -> str:
    """What is wrong with a student's work that came alone and with a group, and what to do."""
    return IN_TWO_WAYS.format(student=shell_word(student), group=group, assignment=shell_word(assignment))


def submitters_in(gradebook: SharedGradebook, assignment: str, section: str | None) -> set[str] | None:
    """Who handed in for the students of a section, with their groups; None for everybody.

    Raises:
        UsageError: nobody is in that section.
    """
    if section is None:
        return None
    roster = read_roster(gradebook) or {}
    chosen = {person.id for person in roster.values() if section == person.section}
    if not chosen:
        sections = ", ".join(sorted({person.section for person in roster.values() if person.section}))
        raise UsageError(f"nobody on the roster is in section {section!r}. Sections: {sections or '–'}.")
    groups = read_groups(gradebook, assignment)
    return chosen | {groups[who] for who in chosen & groups.keys()}
