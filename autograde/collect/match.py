"""Files to students: by id, LMS id, address or name of the roster where one alone fits, never by a guess.

An id in capitals is the same id, unless the roster has both.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from autograde.collect.patterns import Signed
from autograde.roster.nearest import folded, nearest
from autograde.roster.people import Person, Roster
from autograde.untrusted.names import is_student

NOT_WORD = re.compile(r"[^\w]|_")


@dataclass(frozen=True)
class Unmatched:
    """A sender whom nobody or several fit."""

    sender: str
    several: tuple[Person, ...] = ()
    nearest: tuple[Person, ...] = ()


class Matcher:
    """Finds the student of a sender. Without a roster a sender has to be an id itself."""

    def __init__(self, roster: Roster | None, named: Mapping[str, str]) -> None:
        self._roster, self._named = roster, named
        self._by: dict[str, dict[str, list[Person]]] = {}
        for person in (roster or {}).values():
            for kind, text in _keys(person):
                if text:
                    people = self._by.setdefault(kind, {}).setdefault(text, [])
                    if person not in people:
                        people.append(person)

    def is_somebody(self, folder: str) -> bool:
        """Whether a folder's name is a student's: by the roster, or because the user says so."""
        by_roster = any(self._by.get(kind, {}).get(text) for kind, text in _of_word(folder))
        return folder in self._named or by_roster

    def student(self, file: Signed) -> str | Unmatched:
        """The student's id, or why there is none."""
        if file.sender in self._named:
            return self._named[file.sender]
        if self._roster is None:
            usable = not file.system and is_student(file.sender)
            return file.sender if usable else Unmatched(file.sender)
        several: list[Person] = []
        for kind, text in _looked_up(file):
            people = self._by.get(kind, {}).get(text, [])
            if len(people) == 1:
                return people[0].id
            several = several or people
        likely = Person(file.sender, last_name=file.name)
        close = () if several else tuple(nearest(likely, list(self._roster.values())))
        return Unmatched(file.sender, tuple(several), close)


def _keys(person: Person) -> Sequence[tuple[str, str]]:
    names = (f"{person.first_name} {person.last_name}", f"{person.last_name} {person.first_name}")
    return (
        ("id", person.id),
        ("lms", person.lms_user_id),
        ("id in any case", person.id.casefold()),
        ("email", folded(person.email)),
        *(("name", _as_file_name(name)) for name in names),
        # Whose number is known is known by it: another's number beside the same name is another person.
        (
            "canvas",
            ""
            if person.lms_user_id
            else _as_file_name(f"{person.last_name} {person.first_name}", whole=True),
        ),
    )


def _looked_up(file: Signed) -> Sequence[tuple[str, str]]:
    """What to look for, the surest first."""
    if file.system == "Canvas":
        return (("lms", file.lms_user_id), ("canvas", _as_file_name(file.name, whole=True)))
    if file.system == "Moodle":
        return (("name", _as_file_name(file.name)),)
    return _of_word(file.sender)


def _of_word(word: str) -> Sequence[tuple[str, str]]:
    """What a folder's or a file's name may be of a student, the surest first."""
    return (
        ("id", word),
        ("lms", word),
        ("id in any case", word.casefold()),
        ("email", folded(word)),
        ("name", _as_file_name(word)),
    )


def _as_file_name(name: str, whole: bool = False) -> str:
    """A name as file names keep it: letters and digits, its parts side by side or one word."""
    return ("" if whole else " ").join(NOT_WORD.sub(" ", folded(name)).split())
