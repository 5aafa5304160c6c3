"""The roster in the gradebook: nbgrader's students, and a table of ours for membership and sections."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from nbgrader.api import Gradebook, Student
from sqlalchemy import Column, String, Text, select

from autograde.own_table import OwnTable

LONGEST = 128  # characters of a name, an address or an id in nbgrader's tables
TABLE = OwnTable(
    "autograde_roster",
    Column("student", String(LONGEST), primary_key=True),
    Column("section", Text, nullable=False),
)
OF_STUDENT = ("first_name", "last_name", "email", "lms_user_id")  # columns of nbgrader's table
FIELDS = (*OF_STUDENT, "section")


@dataclass(frozen=True)
class Person:
    """A student, as the roster knows one; what is not known is empty."""

    id: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    lms_user_id: str = ""
    section: str = ""

    @property
    def name(self) -> str:
        """Last name first, as the systems write it; empty where there is none."""
        return ", ".join(part for part in (self.last_name, self.first_name) if part)

    @property
    def full_name(self) -> str:
        """First name first, as people say it; empty where there is none."""
        return " ".join(part for part in (self.first_name, self.last_name) if part)


Roster = dict[str, Person]  # by id, in order


def read_roster(gradebook: Gradebook) -> Roster | None:
    """Who is on the roster; None where the course has none."""
    sections = dict(TABLE.rows(gradebook, "student", "section"))
    if not sections:
        return None
    people = read_people(gradebook)
    known = {who: people.get(who, Person(who)) for who in sorted(sections)}
    return {who: _in_section(person, sections[who]) for who, person in known.items()}


def read_people(gradebook: Gradebook) -> dict[str, Person]:
    """Everybody of whom nbgrader's table knows, by id."""
    columns = (Student.id, *(getattr(Student, name) for name in OF_STUDENT))
    return {row[0]: Person(*(value or "" for value in row)) for row in gradebook.db.execute(select(*columns))}


def write_people(gradebook: Gradebook, people: Collection[Person]) -> None:
    """Put them on the roster, or change what is known of them; within the transaction that runs."""
    there = {student.id: student for student in gradebook.db.scalars(select(Student))}
    for person in people:
        student = there.get(person.id)
        if student is None:
            student = Student(id=person.id)
            gradebook.db.add(student)
        for name in OF_STUDENT:
            setattr(student, name, getattr(person, name) or None)
    gradebook.db.flush()
    TABLE.put(gradebook, [{"student": person.id, "section": person.section} for person in people])


def take_off(gradebook: Gradebook, students: Collection[str]) -> None:
    """Take students off the roster; their names and grades stay. Within the transaction that runs."""
    TABLE.remove(gradebook, [{"student": student} for student in students])


def _in_section(person: Person, section: str) -> Person:
    return Person(person.id, *(getattr(person, name) for name in OF_STUDENT), section)
