"""Whose file it is, by how learning management systems name what they pack. Facts of their own sources.

Canvas (lib/content_zipper.rb): `NAME_[LATE_]USER_FILE_adam.ipynb`, where NAME is "Last, First" in small
letters without anything but letters with their marks and digits, and USER the number in the gradebook's
column ID.

Moodle (mod/assign/classes/downloader.php): `FULL NAME_PARTICIPANT_assignsubmission_file/adam.ipynb`, or all
files in one folder and the file's name behind another `_`.

Anything else: a folder a student, or files named `STUDENT.ipynb`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from autograde.collect.archive import ArchiveEntry

WORD = r"[^\s\x00-/:-@\[-^`{-\x7f]"  # Ruby's [[:word:]]: unlike Python's \w with the marks that İ leaves
CANVAS = re.compile(rf"(?P<name>{WORD}*?)_(?P<late>LATE_)?(?P<user>\d+)_\d+_(?P<file>.+)", re.DOTALL)
CANVAS_ANONYMOUS = re.compile(r"anon_(?P<late>LATE_)?(?P<user>\w+?)_\d+_(?P<file>.+)", re.DOTALL)
MOODLE = re.compile(
    r"(?P<name>.+)_(?P<participant>\d+)_assignsubmission_(?P<kind>file|onlinetext)_?(?P<file>.*)", re.DOTALL
)
NOTEBOOK = ".ipynb"


@dataclass(frozen=True)
class Signed:
    """A file and what its place says of who handed it in."""

    entry: ArchiveEntry
    sender: str  # the words of the place that name the student: all files of one are one submission
    file: str
    system: str = ""
    name: str = ""
    lms_user_id: str = ""
    late: bool = False


def signed(
    entries: Sequence[ArchiveEntry], is_somebody: Callable[[str], bool], has_roster: bool
) -> list[Signed]:
    """Each file with what its place says. A folder around all of them says nothing, unless it is somebody.

    Where either of two folders in each other could name the student, both do: a person says who it is.
    """
    tops = {entry.path.parts[0] for entry in entries}
    inside = all(len(entry.path.parts) > 1 for entry in entries)
    top = next(iter(tops), "")
    as_they_are = [_signed(entry, entry.path) for entry in entries]
    if len(tops) != 1 or not inside or MOODLE.fullmatch(top):
        return as_they_are
    below = [(entry, PurePosixPath(*entry.path.parts[1:])) for entry in entries]
    without_top = [_signed(entry, path) for entry, path in below]
    if any(file.system for file in without_top):
        return without_top
    folders = sorted({path.parts[0] for _, path in below if len(path.parts) > 1})
    loose = any(len(path.parts) == 1 and path.name.lower().endswith(NOTEBOOK) for _, path in below)
    is_top, are_below = is_somebody(top), all(map(is_somebody, folders))
    if not folders or (loose and (is_top or not has_roster)) or (is_top and not are_below):
        return as_they_are
    if len(folders) == 1 and is_top == are_below and (is_top or not has_roster):
        return [Signed(entry, f"{top}/{folders[0]}", entry.path.name) for entry in entries]
    return without_top


def _signed(entry: ArchiveEntry, path: PurePosixPath) -> Signed:
    made = _of_system(entry, path)
    if made:
        return made
    sender = path.parts[0] if len(path.parts) > 1 else PurePosixPath(path.name).stem
    return Signed(entry, sender, path.name, name=sender)


def _of_system(entry: ArchiveEntry, path: PurePosixPath) -> Signed | None:
    top = path.parts[0]
    if match := MOODLE.fullmatch(top):
        file = path.name if len(path.parts) > 1 else match["file"]
        sender = f"{match['name']}_{match['participant']}"
        return Signed(entry, sender, file, "Moodle", match["name"])
    if len(path.parts) > 1:
        return None
    if match := CANVAS_ANONYMOUS.fullmatch(top):
        return Signed(entry, f"anon_{match['user']}", match["file"], "Canvas", late=bool(match["late"]))
    if match := CANVAS.fullmatch(top):
        sender = f"{match['name']}_{match['user']}"
        late = bool(match["late"])
        return Signed(entry, sender, match["file"], "Canvas", match["name"], match["user"], late)
    return None
