"""A download, a zip or a folder: its files, and which student sent each; any of it may be a student's work.

A student is found by id, LMS id, address or name of the roster if exactly one fits; never by a guess. How the
systems name what they pack, from their own sources:

Canvas (lib/content_zipper.rb): `NAME_[LATE_]USER_FILE_adam.ipynb`, where NAME is "Last, First" in small
letters without anything but letters with their marks and digits, and USER the number in the gradebook's
column ID. In an anonymous assignment NAME is "anon" and USER a code.

Moodle (mod/assign/classes/downloader.php): `FULL NAME_PARTICIPANT_assignsubmission_file/adam.ipynb`, or all
files in one folder and the file's name after another `_`. In a group's assignment the name begins with the group's
and `-`; with blind marking it is "Participant".

Blackboard: `COLUMN_LOGIN_attempt_YYYY-MM-DD-HH-MM-SS_adam.ipynb`, and a text on each attempt without the last part.
Brightspace: `NUMBERS - First Last - Nov 20, 2026 1012 PM/adam.ipynb`, a folder for each submission.

Anything else: a folder per student, or files named `STUDENT.ipynb`.
"""

import errno
import lzma
import os
import re
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path, PurePosixPath

from autograde.errors import UsageError
from autograde.people.roster import Person, Roster, described, folded, nearest
from autograde.untrusted.names import is_student, printable
from autograde.untrusted.notebook import ReadLimits

NOTEBOOK = ".ipynb"
SYSTEM_FILES = ("__MACOSX", "Thumbs.db", "desktop.ini")
# What zipfile and its decoders raise of a damaged zip, besides an OSError without a number (bz2).
ZIP_ERRORS = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, NotImplementedError, RuntimeError,
    UnicodeDecodeError,
)  # fmt: skip
WORD = r"[^\s\x00-/:-@\[-^`{-\x7f]"  # Ruby's [[:word:]]: unlike Python's \w with the marks that İ leaves
CANVAS = re.compile(
    rf"(?P<name>(?P<anonymous>anon)|{WORD}*?)_(?P<late>LATE_)?(?P<user>(?(anonymous)\w+?|\d+))_\d+_(?P<file>.+)",
    re.DOTALL,
)
# A name may itself end in a number, and a file begin with one: each place where it can be read otherwise.
CANVAS_USER = re.compile(r"(?=_(?:LATE_)?(\d+)_\d+_.)")
MOODLE = re.compile(
    r"(?P<name>.+)_(?P<participant>\d+)_assignsubmission_(?:file|onlinetext)_?(?P<file>.*)", re.DOTALL
)
BLACKBOARD = re.compile(
    r".+_(?P<name>[^_]+)_attempt_(?P<when>\d{4}(?:-\d\d){5})(?:_(?P<file>.+)|\.txt)", re.DOTALL
)
BRIGHTSPACE = re.compile(r"[\d-]+ - (?P<name>.+) - (?P<when>\w{3} \d{1,2}, \d{4} \d{3,4} [AP]M)")
NOT_WORD = re.compile(r"[^\w]|_")


@dataclass(frozen=True)
class ArchiveEntry:
    """A file of a download: its place, its size in bytes, and a function that reads at most as many."""

    path: PurePosixPath
    size: int
    read: Callable[[], bytes]
    odd: str = ""
    """What it is where it is not a plain file inside the download: nobody may read it, or use its path."""


@dataclass(frozen=True)
class Signed:
    """A file, and what its path tells about its student."""

    entry: ArchiveEntry
    sender: str  # the part of the place that names the student: all files of one sender are one submission
    file: str
    system: str = ""
    name: str = ""
    lms_user_id: str = ""
    late: bool = False
    when: datetime | None = None
    """When it was sent, by the system's clock."""
    others: tuple[str, ...] = ()
    """Further numbers in a name of Canvas's that may be the student's."""


def read_download(source: Path) -> list[ArchiveEntry]:
    """The files of a zip or a folder, or one notebook, without what systems and editors leave.

    Raises:
        UsageError: it is neither, or a notebook is damaged.
        OSError: it cannot be read.
    """
    if source.is_dir():
        entries = list(_of_folder(source))
    elif source.suffix.lower() == NOTEBOOK and source.is_file():  # one student's, sent again
        entries = [_of_file(source, source.name)]
    else:
        entries = _of_zip(source)
    return [entry for entry in entries if not any(map(is_left_over, entry.path.parts))]


def is_left_over(name: str) -> bool:
    """Whether a system or an editor leaves files or folders with this name."""
    return (name.startswith(".") and not name.startswith("..")) or name in SYSTEM_FILES


def _of_zip(source: Path) -> list[ArchiveEntry]:
    try:
        archive = zipfile.ZipFile(source)
        names = {member: member.filename for member in archive.infolist()}
        if not any("/" in name for name in names.values()):  # PowerShell's own zips have backslashes
            names = {member: name.replace("\\", "/") for member, name in names.items()}
        entries = [
            ArchiveEntry(
                PurePosixPath(name),
                member.file_size,
                partial(_read_member, archive, member),
                _odd_path(name) or _odd_kind(member.external_attr >> 16),
            )
            for member, name in names.items()
            if not name.endswith("/")  # `is_dir` of Python 3.11 fails on an empty name
        ]
        for entry in entries:  # before anything is collected; the others may have any size
            if not entry.odd and entry.path.suffix.lower() == NOTEBOOK and entry.size <= ReadLimits.bytes:
                entry.read()
    except FileNotFoundError as error:
        raise UsageError(f"{source} does not exist.") from error
    except (*ZIP_ERRORS, OSError) as error:
        # Others are the disk's, of whatever file; EINVAL is a place before the file's start.
        if isinstance(error, OSError) and error.errno not in (None, errno.EINVAL):
            raise
        reason = printable(str(error))
        raise UsageError(f"{source} cannot be read as a zip: {reason}. Download it again.") from error
    return entries


def _odd_path(name: str) -> str:
    path = PurePosixPath(name)
    outside = (
        not path.parts or path.is_absolute() or ".." in path.parts or "\\" in name or ":" in path.parts[0]
    )
    return "not a path inside the download" if outside else ""


def _odd_kind(mode: int) -> str:
    kind = stat.S_IFMT(mode)  # 0 in a zip of Windows
    return "" if kind in (0, stat.S_IFREG) else "a link" if kind == stat.S_IFLNK else "not a plain file"


def _read_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    with archive.open(member) as file:
        return file.read(member.file_size + 1)  # no more, whatever it unpacks to


def _of_folder(source: Path) -> Iterator[ArchiveEntry]:
    for root, folders, files in os.walk(source, onerror=_refuse):
        folders.sort()
        linked = [name for name in folders if Path(root, name).is_symlink()]
        for name in sorted([*files, *linked]):
            path = Path(root, name)
            yield _of_file(path, str(path.relative_to(source)))


def _refuse(error: OSError) -> None:
    """Refuse a folder that cannot be read: skipping it would lose a student's work."""
    raise error


def _of_file(path: Path, place: str) -> ArchiveEntry:
    def read() -> bytes:
        with open(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC), "rb") as file:
            return file.read(size)

    status = path.lstat()
    size = status.st_size
    return ArchiveEntry(PurePosixPath(place), size, read, _odd_kind(status.st_mode))


class Matcher:
    """Finds the student of a sender. Without a roster a sender has to be an id itself."""

    def __init__(self, roster: Roster | None, asked: Mapping[str, str]) -> None:
        self._roster, self._asked = roster, asked
        self._by: dict[tuple[str, str], list[Person]] = {}
        for person in (roster or {}).values():
            names = (f"{person.first_name} {person.last_name}", f"{person.last_name} {person.first_name}")
            keys = {
                ("id", person.id),
                ("lms", person.lms_user_id),
                ("id in any case", person.id.casefold()),
                ("email", folded(person.email)),
                *(("name", _as_file_name(name)) for name in names),
            }
            if person.section:  # names have hyphens, too: a group's is known only by the roster
                keys.add(("name in a group", _as_file_name(f"{person.section}-{person.full_name}")))
            if not person.lms_user_id:  # a known number with the same name is another person
                keys.add(("display name", _as_file_name(names[1], whole=True)))
            for key in keys:
                if key[1]:
                    self._by.setdefault(key, []).append(person)

    def signed(self, entries: Sequence[ArchiveEntry]) -> list[Signed]:
        """Each file with what its place says. A folder around all of them is skipped if the roster has no such
        student; without a roster it is the student.
        """
        tops = {entry.path.parts[0] for entry in entries}
        if len(tops) == 1 and all(len(entry.path.parts) > 1 for entry in entries):
            (top,) = tops
            below = [_signed(replace(entry, path=PurePosixPath(*entry.path.parts[1:]))) for entry in entries]
            somebody = (
                self._roster is None or top in self._asked or any(key in self._by for key in _word_keys(top))
            )
            if not MOODLE.fullmatch(top) and (not somebody or any(file.system for file in below)):
                return below
        return [_signed(entry) for entry in entries]

    def student_in(self, cells: Sequence[str]) -> str | None:
        """The one student whose id, number, address or name is one of these cells; None where nobody or several are."""
        people = {one.id for cell in cells for key in _word_keys(cell) for one in self._by.get(key, ())}
        return people.pop() if len(people) == 1 else None

    def student(self, file: Signed) -> tuple[str, bool]:
        """The student's id, and whether only Canvas's display name says so, which students can change.

        Raises:
            LookupError: nobody or several fit; it says who may be meant.
        """
        if file.sender in self._asked:
            return self._asked[file.sender], False
        if self._roster is None:
            if file.system or not is_student(file.sender):
                raise LookupError("is not a student's id")
            return file.sender, False
        if file.others and not self._agrees(file):
            raise LookupError("can be read as another student's, whose number is in its name")
        several: Sequence[Person] = ()
        for key in _keys(file):
            people = self._by.get(key, ())
            if len(people) == 1:
                return people[0].id, key[0] == "display name"
            several = several or people
        if several:
            raise LookupError(f"can be {', '.join(map(described, several))}")
        close = nearest(Person(file.sender, last_name=file.name), self._roster.values())
        hint = f" (nearest: {', '.join(map(described, close))})" if close else ""
        raise LookupError(f"matches nobody on the roster{hint}")

    def _agrees(self, file: Signed) -> bool:
        """Whether only the first number in the file's name is a student's, and the name is that student's, too."""
        known = [self._by.get(("lms", number), []) for number in (file.lms_user_id, *file.others)]
        people = [person for each in known for person in each]
        if len(people) != 1 or people != known[0]:
            return False
        whole = _as_file_name(f"{people[0].last_name} {people[0].first_name}", whole=True)
        return whole == _as_file_name(file.name, whole=True)


def _signed(entry: ArchiveEntry) -> Signed:
    path = entry.path
    top, file = path.parts[0], path.name
    if match := MOODLE.fullmatch(top):
        sender = f"{match['name']}_{match['participant']}"
        return Signed(entry, sender, file if len(path.parts) > 1 else match["file"], "Moodle", match["name"])
    if len(path.parts) > 1:
        if match := BRIGHTSPACE.fullmatch(top):
            when = datetime.strptime(match["when"], "%b %d, %Y %I%M %p")
            return Signed(entry, match["name"], file, "Brightspace", match["name"], when=when)
        return Signed(entry, top, file, name=top)
    if match := BLACKBOARD.fullmatch(file):
        when = datetime.strptime(match["when"], "%Y-%m-%d-%H-%M-%S")
        name = match["name"]
        return Signed(entry, name, match["file"] or f"{path.stem}.txt", "Blackboard", name, when=when)
    if match := CANVAS.fullmatch(file):
        sender, late = f"{match['name']}_{match['user']}", bool(match["late"])
        if match["anonymous"]:
            return Signed(entry, sender, match["file"], "Canvas", late=late)
        others = tuple(number for number in CANVAS_USER.findall(file) if number != match["user"])
        return Signed(
            entry, sender, match["file"], "Canvas", match["name"], match["user"], late, None, others
        )
    return Signed(entry, path.stem, file, name=path.stem)


def _keys(file: Signed) -> Sequence[tuple[str, str]]:
    """What to look for, the surest first."""
    if file.system == "Canvas":
        return ("lms", file.lms_user_id), ("display name", _as_file_name(file.name, whole=True))
    if file.system == "Moodle":
        name = _as_file_name(file.name)
        return ("name", name), ("name in a group", name)
    return _word_keys(file.sender)


def _word_keys(word: str) -> Sequence[tuple[str, str]]:
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
