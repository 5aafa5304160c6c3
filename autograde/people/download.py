"""A download, a zip or a folder: its files, and which student sent each; any of it may be a student's work.

Whose it is says `whose.py`. A path is read from the side that the system wrote: students choose their files' names,
and in some systems their own. How the systems name what they pack, from their own sources:

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
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import takewhile
from pathlib import Path, PurePosixPath

from autograde.errors import UsageError
from autograde.files import files_below
from autograde.people.whose import Said, TwoPeopleError, Whose, said_in_word
from autograde.untrusted.names import printable
from autograde.untrusted.submitted_notebook import LIMITS

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
CANVAS_USER = re.compile(r"(?<!LATE)(?=_(?:LATE_)?\d+_\d+_.)")
AMBIGUOUS = "has a file whose name can be read as two students'"
MOODLE = re.compile(  # which writes blanks for _ in names
    r"(?P<name>[^_]+)_(?P<number>\d+)_assignsubmission_(?:file|onlinetext)_?(?P<file>.*)", re.DOTALL
)
BLACKBOARD = re.compile(
    r"(?P<sender>.+?_.+?)_attempt_(?P<when>\d{4}(?:-\d\d){5})(?:_(?P<file>.+)|\.txt)", re.DOTALL
)
BRIGHTSPACE = re.compile(r"(?P<sender>[\d-]+ - (?P<name>.+)) - (?P<when>\w{3} \d{1,2}, \d{4} \d{3,4} [AP]M)")


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
    said: Said
    file: str
    late: bool = False
    when: datetime | None = None
    """When it was sent, by the system's clock."""


def read_download(source: Path) -> list[ArchiveEntry]:
    """The files of a zip or a folder, or one notebook, without what systems and editors leave.

    Raises:
        UsageError: it is neither, or a notebook is damaged.
        OSError: it cannot be read.
    """
    if source.is_dir():
        entries = [_of_file(path, str(path.relative_to(source))) for path in files_below(source)]
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
            _of_member(archive, member, name)
            for member, name in names.items()
            if not name.endswith("/")  # `is_dir` of Python 3.11 fails on an empty name
        ]
        for entry in entries:  # before anything is collected; the others may have any size
            if not entry.odd and entry.path.suffix.lower() == NOTEBOOK and entry.size <= LIMITS.bytes:
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


def _of_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str) -> ArchiveEntry:
    def read() -> bytes:
        with archive.open(member) as file:
            return file.read(member.file_size + 1)  # no more, whatever it unpacks to

    odd = _odd_path(name) or _odd_kind(member.external_attr >> 16)
    return ArchiveEntry(PurePosixPath(name), member.file_size, read, odd)


def _of_file(path: Path, place: str) -> ArchiveEntry:
    def read() -> bytes:
        with open(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC), "rb") as file:
            return file.read(size)

    status = path.lstat()
    size = status.st_size
    return ArchiveEntry(PurePosixPath(place), size, read, _odd_kind(status.st_mode))


def signed_files(entries: Sequence[ArchiveEntry], whose: Whose) -> list[Signed]:
    """Each file with what its place says. A folder around all of them is skipped if the roster has no such
    student; without a roster it is the student.
    """
    tops = {entry.path.parts[0] for entry in entries}
    if len(tops) == 1 and all(len(entry.path.parts) > 1 for entry in entries):
        (top,) = tops
        below = _all_signed([replace(one, path=PurePosixPath(*one.path.parts[1:])) for one in entries])
        if not MOODLE.fullmatch(top) and (
            not _is_somebody(top, whose) or any(file.said.system for file in below)
        ):
            return below
    return _all_signed(entries)


def _all_signed(entries: Sequence[ArchiveEntry]) -> list[Signed]:
    """The files of one download. What the senders of Blackboard's begin with is their column."""
    names = (BLACKBOARD.fullmatch(str(entry.path)) for entry in entries)
    senders = {name["sender"] for name in names if name}
    columns = zip(*(sender.split("_")[:-1] for sender in senders), strict=False)
    shared = len(list(takewhile(lambda words: len({*words}) == 1 < len(senders), columns)))
    return [_signed(entry, shared) for entry in entries]


def _is_somebody(word: str, whose: Whose) -> bool:
    try:
        whose.match(said_in_word(word))
    except LookupError as reason:
        return whose.roster is None or isinstance(reason, TwoPeopleError)
    return True


def said_by(path: str) -> Said:
    """What a path in a download says of whom its file is."""
    return _signed(ArchiveEntry(PurePosixPath(path), 0, bytes)).said


def _signed(entry: ArchiveEntry, shared: int = 0) -> Signed:
    """A file of a download, whose files begin with so many equal words before `_`, where they are Blackboard's."""
    path = entry.path
    top, file = path.parts[0], path.name
    if match := MOODLE.fullmatch(top):
        said = Said("Moodle", f"{match['name']}_{match['number']}", match["number"], name=match["name"])
        if "_assignsubmission_" in match["file"]:
            said = Said("Moodle", top, doubt=AMBIGUOUS)
        return Signed(entry, said, file if len(path.parts) > 1 else match["file"])
    if len(path.parts) > 1:
        if match := BRIGHTSPACE.fullmatch(top):
            when = datetime.strptime(match["when"], "%b %d, %Y %I%M %p")
            return Signed(entry, Said("Brightspace", match["sender"], name=match["name"]), file, when=when)
        return Signed(entry, said_in_word(top), file)
    if match := BLACKBOARD.fullmatch(file):
        when = datetime.strptime(match["when"], "%Y-%m-%d-%H-%M-%S")
        # Columns and logins may contain _, too: the login is what begins anywhere in what all files share, or after it.
        parts = match["sender"].split("_")
        logins = ["_".join(parts[at:]) for at in range(1, len(parts))]
        doubt = "" if shared or len(logins) == 1 else f"can be of the login {' or '.join(logins)}"
        keys = tuple((login, ("id", "login")) for login in logins[: shared or 1])
        said = Said("Blackboard", match["sender"], keys=keys, doubt=doubt)
        return Signed(entry, said, match["file"] or f"{path.stem}.txt", when=when)
    if match := CANVAS.fullmatch(file):
        sender, number = f"{match['name']}_{match['user']}", match["user"]
        said = Said("Canvas", sender, number, ((number, ("lms_user_id",)),), match["name"])
        if match["anonymous"]:
            said = Said("Canvas", sender)
        elif len(CANVAS_USER.findall(file)) > 1:
            said = Said("Canvas", path.stem, doubt=AMBIGUOUS)
        return Signed(entry, said, match["file"], bool(match["late"]))
    return Signed(entry, said_in_word(path.stem), file)
