"""One student on the roster, or off it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from autograde.delimited import FORMULA_STARTS, one_line
from autograde.errors import UsageError
from autograde.roster.nearest import described, nearest
from autograde.roster.people import (
    LONGEST,
    OF_STUDENT,
    Person,
    read_people,
    read_roster,
    take_off,
    write_people,
)
from autograde.transactional import TransactionalGradebook
from autograde.untrusted.names import is_student
from descentlab.sentences import say, say_count


def add_student(gradebook: TransactionalGradebook, student: str, fields: Mapping[str, str]) -> str:
    """Put a student on the roster, or change these fields of theirs; returns what was done.

    Raises:
        UsageError: no id of a student, a name that is too long, or an address that another has.
        CourseError: the gradebook refuses.
    """
    if not is_student(student) or student.startswith(FORMULA_STARTS):
        raise UsageError.say("{id!r} can be no student's id.", id=student)
    fields = {name: one_line(text).strip() for name, text in fields.items()}
    long = next((name for name in OF_STUDENT if len(fields.get(name, "")) > LONGEST), None)
    if long is not None:
        raise UsageError.say(
            "{kind} is longer than the {most} characters that nbgrader keeps.", kind=long, most=LONGEST
        )
    with gradebook.transaction():
        roster = read_roster(gradebook) or {}
        known = roster.get(student) or read_people(gradebook).get(student, Person(student))
        person = replace(known, **fields)
        _require_own(person, roster.values())
        write_people(gradebook, [person])
    return say(
        "{student}: on the roster ({count} students).",
        student=described(person),
        count=len({*roster, student}),
    )


def remove_students(gradebook: TransactionalGradebook, students: Sequence[str]) -> str:
    """Take students off the roster; returns what was done.

    Raises:
        UsageError: one of them is not on it.
        CourseError: the gradebook refuses.
    """
    with gradebook.transaction():
        roster = read_roster(gradebook) or {}
        for student in students:
            if student not in roster:
                raise not_on_roster(student, list(roster.values()))
        take_off(gradebook, students)
    left = len(roster) - len(set(students))
    if not left:
        return say("the roster is empty now: everybody who hands in is taken, as without one.")
    return say_count("{count} student is on the roster.", "{count} students are on the roster.", left)


def not_on_roster(student: str, people: Sequence[Person]) -> UsageError:
    """The error that names the closest people."""
    close = ", ".join(map(described, nearest(Person(student), people)))
    if close:
        return UsageError.say(
            "{student!r} is not on the roster. Did you mean {close}?", student=student, close=close
        )
    return UsageError.say("{student!r} is not on the roster: autograde roster show", student=student)


def _require_own(person: Person, people: Sequence[Person]) -> None:
    for name in ("email", "lms_user_id"):
        value = getattr(person, name)
        other = next(
            (one for one in people if value and getattr(one, name) == value and one.id != person.id), None
        )
        if other:
            raise UsageError.say(
                "{value!r} is {other}'s: two students cannot share it.", value=value, other=described(other)
            )
