"""A download, a zip or a folder: its files, and which student sent each; any of it may be a student's work.

Whose it is says `matching.py`. A path is read from the side that the system wrote: students choose their files' names,
and in some systems their own. How each system names what it packs, by its own source, says its file in `systems/`.

Anything else: a folder per student, or files named `STUDENT.ipynb`.
"""

import errno
import lzma
import os
import re
import stat
import zipfile
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import takewhile
from operator import attrgetter
from pathlib import Path, PurePosixPath

from autograde.entries.matching import Matcher, Said, TwoPeopleError, said_in_word
from autograde.errors import UsageError
from autograde.files import files_below
from autograde.people.people_table import SYSTEMS
from autograde.untrusted.names import printable
from autograde.untrusted.submitted_notebook import LIMITS

NOTEBOOK = ".ipynb"
SYSTEM_FILES = ("__MACOSX", "Thumbs.db", "desktop.ini")
# What zipfile and its decoders raise of a damaged zip, besides an OSError without a number (bz2).
ZIP_ERRORS = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, NotImplementedError, RuntimeError,
    UnicodeDecodeError,
)  # fmt: skip
AMBIGUOUS = "has a file whose name can be read as two students'"


@dataclass(frozen=True)
class Naming:
    """How a system names what it packs. The patterns' groups are fields of `Said`, the file's own name, `when`, `late`."""

    system: str
    rank: int
    """In which order they are tried: what students choose in one may look like another."""
    folder: str = ""
    """A pattern of a folder at the top."""
    file: str = ""
    """Of a file at the top."""
    time: str = ""
    """The form of `when`."""
    number_is: str = ""
    """The field of `Person` that the number is."""
    number_says: str = ""
    """Where a person reads the number."""
    readings: str = ""
    """A pattern of the places where a name can be read: at several nobody can tell."""
    ends_in_login: bool = False
    """Whether the sender is a column and a login, both of which may hold a `_`."""

    def match(self, place: str, of_folder: bool) -> re.Match[str] | None:
        """What a name at the top says."""
        pattern = self.folder if of_folder else self.file
        return re.fullmatch(pattern, place, re.DOTALL) if pattern else None


NAMINGS = sorted(
    (Naming(one["name"], **one["files"]) for one in SYSTEMS.values() if "files" in one),
    key=attrgetter("rank"),
)


MARK_LATE = {one.system for one in NAMINGS if "<late>" in one.file}
"""The systems whose files say that they are late, and not when they came."""


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


def signed_files(entries: Sequence[ArchiveEntry], matcher: Matcher) -> list[Signed]:
    """Each file with what its place says. A folder around all of them is skipped if the roster has no such
    student; without a roster it is the student.
    """
    tops = {entry.path.parts[0] for entry in entries}
    if len(tops) == 1 and all(len(entry.path.parts) > 1 for entry in entries):
        (top,) = tops
        below = _all_signed([replace(one, path=PurePosixPath(*one.path.parts[1:])) for one in entries])
        if not any(one.match(top, True) for one in NAMINGS) and (
            not _is_somebody(top, matcher) or any(file.said.system for file in below)
        ):
            return below
    return _all_signed(entries)


def _all_signed(entries: Sequence[ArchiveEntry]) -> list[Signed]:
    """The files of one download. What senders that end in a login begin with is their column."""
    names = (one.match(str(entry.path), False) for entry in entries for one in NAMINGS if one.ends_in_login)
    senders = {name["sender"] for name in names if name}
    columns = zip(*(sender.split("_")[:-1] for sender in senders), strict=False)
    shared = len(list(takewhile(lambda words: len({*words}) == 1 < len(senders), columns)))
    return [_signed(entry, shared) for entry in entries]


def _is_somebody(word: str, matcher: Matcher) -> bool:
    try:
        matcher.match(said_in_word(word))
    except LookupError as reason:
        return matcher.roster is None or isinstance(reason, TwoPeopleError)
    return True


def said_by(path: str) -> Said:
    """What a path in a download says of whom its file is."""
    return _signed(ArchiveEntry(PurePosixPath(path), 0, bytes)).said


def _signed(entry: ArchiveEntry, shared: int = 0) -> Signed:
    """A file of a download, whose senders begin with so many equal words before `_`, where they end in a login."""
    path = entry.path
    top, in_folder = path.parts[0], len(path.parts) > 1
    for naming in NAMINGS:
        if match := naming.match(top, in_folder):
            found = match.groupdict("")
            file = path.name if in_folder else found["file"] or f"{path.stem}.txt"
            when = datetime.strptime(found["when"], naming.time) if naming.time else None
            return Signed(entry, _said(naming, found, path, shared), file, bool(found.get("late")), when)
    return Signed(entry, said_in_word(top if in_folder else path.stem), path.name)


def _said(naming: Naming, found: Mapping[str, str], path: PurePosixPath, shared: int) -> Said:
    top, number, name = path.parts[0], found.get("number", ""), found.get("name", "")
    sender = found.get("sender") or f"{name}_{number}"
    if found.get("anonymous"):
        return Said(naming.system, sender)
    if naming.readings and len(re.findall(naming.readings, top)) > 1:
        return Said(naming.system, top if naming.folder else path.stem, doubt=AMBIGUOUS)
    if naming.ends_in_login:
        # Columns and logins may contain _, too: the login is what begins anywhere in what all files share, or after it.
        parts = sender.split("_")
        logins = ["_".join(parts[at:]) for at in range(1, len(parts))]
        doubt = "" if shared or len(logins) == 1 else f"can be of the login {' or '.join(logins)}"
        return Said(
            naming.system,
            sender,
            keys=tuple((login, ("id", "login")) for login in logins[: shared or 1]),
            doubt=doubt,
        )
    keys = ((number, (naming.number_is,)),) if naming.number_is else ()
    return Said(naming.system, sender, number, keys, name)
