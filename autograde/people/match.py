"""Files to students: by id, LMS id, address or name of the roster if exactly one fits; never a guess.

How the systems name what they pack, from their own sources:

Canvas (lib/content_zipper.rb): `NAME_[LATE_]USER_FILE_adam.ipynb`, where NAME is "Last, First" in small
letters without anything but letters with their marks and digits, and USER the number in the gradebook's
column ID. In an anonymous assignment NAME is "anon" and USER a code.

Moodle (mod/assign/classes/downloader.php): `FULL NAME_PARTICIPANT_assignsubmission_file/adam.ipynb`, or all
files in one folder and the file's name behind another `_`.

Anything else: a folder per student, or files named `STUDENT.ipynb`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from autograde.people.archive import ArchiveEntry
from autograde.people.roster import Person, Roster, folded, nearest
from autograde.untrusted.names import is_student

WORD = r"[^\s\x00-/:-@\[-^`{-\x7f]"  # Ruby's [[:word:]]: unlike Python's \w with the marks that İ leaves
CANVAS = re.compile(
    rf"(?P<name>(?P<anonymous>anon)|{WORD}*?)_(?P<late>LATE_)?(?P<user>(?(anonymous)\w+?|\d+))_\d+_(?P<file>.+)",
    re.DOTALL,
)
MOODLE = re.compile(
    r"(?P<name>.+)_(?P<participant>\d+)_assignsubmission_(?:file|onlinetext)_?(?P<file>.*)", re.DOTALL
)
NOT_WORD = re.compile(r"[^\w]|_")


@dataclass(frozen=True)
class Signed:
    """A file, and what its place says of its student."""

    entry: ArchiveEntry
    sender: str  # the part of the place that names the student: all files of one sender are one submission
    file: str
    system: str = ""
    name: str = ""
    lms_user_id: str = ""
    late: bool = False


@dataclass(frozen=True)
class Unmatched:
    """A sender whom nobody or several fit."""

    sender: str
    several: tuple[Person, ...] = ()
    nearest: tuple[Person, ...] = ()


def signed(entries: Sequence[ArchiveEntry], matcher: Matcher) -> list[Signed]:
    """Each file with what its place says. A folder around all of them is skipped if the roster has no such
    student; without a roster it is the student.
    """
    tops = {entry.path.parts[0] for entry in entries}
    if len(tops) == 1 and all(len(entry.path.parts) > 1 for entry in entries):
        (top,) = tops
        below = [_signed(entry, PurePosixPath(*entry.path.parts[1:])) for entry in entries]
        unknown = matcher.has_roster and not matcher.is_somebody(top)
        if not MOODLE.fullmatch(top) and (unknown or any(file.system for file in below)):
            return below
    return [_signed(entry, entry.path) for entry in entries]


def _signed(entry: ArchiveEntry, path: PurePosixPath) -> Signed:
    top, file = path.parts[0], path.name
    if match := MOODLE.fullmatch(top):
        sender = f"{match['name']}_{match['participant']}"
        return Signed(entry, sender, file if len(path.parts) > 1 else match["file"], "Moodle", match["name"])
    if len(path.parts) > 1:
        return Signed(entry, top, file, name=top)
    if match := CANVAS.fullmatch(file):
        sender, late = f"{match['name']}_{match['user']}", bool(match["late"])
        name, user = ("", "") if match["anonymous"] else (match["name"], match["user"])
        return Signed(entry, sender, match["file"], "Canvas", name, user, late)
    return Signed(entry, PurePosixPath(file).stem, file, name=PurePosixPath(file).stem)


class Matcher:
    """Finds the student of a sender. Without a roster a sender has to be an id itself."""

    def __init__(self, roster: Roster | None, named: Mapping[str, str]) -> None:
        self._roster, self._named = roster, named
        self.has_roster = roster is not None
        self.by_name: dict[str, str] = {}  # Canvas' number by student, where the display name alone matched
        self._by: dict[tuple[str, str], dict[str, Person]] = {}
        for person in (roster or {}).values():
            for key in _keys(person):
                if key[1]:
                    self._by.setdefault(key, {})[person.id] = person

    def is_somebody(self, folder: str) -> bool:
        """Whether a folder's name is a student's, by the roster or by `--match`."""
        return folder in self._named or any(key in self._by for key in _of_word(folder))

    def student(self, file: Signed) -> str | Unmatched:
        """The student's id, or why there is none."""
        if file.sender in self._named:
            return self._named[file.sender]
        if self._roster is None:
            usable = not file.system and is_student(file.sender)
            return file.sender if usable else Unmatched(file.sender)
        several: tuple[Person, ...] = ()
        for key in _looked_up(file):
            people = self._by.get(key, {})
            if len(people) == 1:
                (student,) = people
                if key[0] == "canvas":
                    self.by_name[student] = file.lms_user_id
                return student
            several = several or tuple(people.values())
        likely = Person(file.sender, last_name=file.name)
        return Unmatched(
            file.sender, several, () if several else tuple(nearest(likely, self._roster.values()))
        )


def _keys(person: Person) -> Sequence[tuple[str, str]]:
    names = (f"{person.first_name} {person.last_name}", f"{person.last_name} {person.first_name}")
    # A known number identifies its student: another number beside the same name is another person.
    canvas = "" if person.lms_user_id else _as_file_name(names[1], whole=True)
    return (
        ("id", person.id),
        ("lms", person.lms_user_id),
        ("id in any case", person.id.casefold()),
        ("email", folded(person.email)),
        *(("name", _as_file_name(name)) for name in names),
        ("canvas", canvas),
    )


def _looked_up(file: Signed) -> Sequence[tuple[str, str]]:
    """What to look for, the surest first."""
    if file.system == "Canvas":
        return (("lms", file.lms_user_id), ("canvas", _as_file_name(file.name, whole=True)))
    if file.system == "Moodle":
        return (("name", _as_file_name(file.name)),)
    return _of_word(file.sender)


def _of_word(word: str) -> Sequence[tuple[str, str]]:
    """What of a student the name of a folder or file may be, the surest first."""
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
