"""What a download holds: a zip or a folder, as names and bytes. Whoever handed in may have made either."""

from __future__ import annotations

import lzma
import os
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath

from autograde.errors import UsageError
from autograde.untrusted.names import printable, quoted

MOST_FILES = 50_000
MOST_BYTES = 4 * 2**30  # of all files together, unpacked
LEFT_BY_SYSTEMS = ("__MACOSX", "Thumbs.db", "desktop.ini")
# What zipfile and its decoders raise of a damaged zip, beside an OSError without a number (bz2).
UNREADABLE = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, NotImplementedError, RuntimeError,
    UnicodeDecodeError,
)  # fmt: skip


@dataclass(frozen=True)
class ArchiveEntry:
    """A file of a download: its place there, its size in bytes, and how to read so many of them."""

    path: PurePosixPath
    size: int
    read: Callable[[int], bytes]


@contextmanager
def opened(source: Path) -> Iterator[list[ArchiveEntry]]:
    """The files of a zip or a folder, or one notebook, by place; what systems and editors leave is left out.

    Raises:
        UsageError: it is neither, it is too large, or a name in it points elsewhere or stands there twice.
        OSError: it cannot be read.
    """
    if source.is_dir():
        yield _checked(source, list(_of_folder(source)))
        return
    if source.suffix.lower() == ".ipynb" and source.is_file():  # one student's, sent again
        yield [ArchiveEntry(PurePosixPath(source.name), source.stat().st_size, partial(_read_file, source))]
        return
    try:
        with zipfile.ZipFile(source) as archive:
            entries = _checked(source, list(_of_zip(source, archive)))
            if damaged := archive.testzip():  # before anything of it is taken
                raise zipfile.BadZipFile(damaged)
            yield entries
    except FileNotFoundError as error:
        raise UsageError.say("{source} is not there.", source=source) from error
    except (*UNREADABLE, OSError) as error:
        if isinstance(error, OSError) and error.errno is not None:  # the disk's, of whatever file
            raise
        raise UsageError.say(
            "{source} cannot be read as a zip: {reason}. Download it again.",
            source=source,
            reason=printable(str(error)),
        ) from error


def _of_zip(source: Path, archive: zipfile.ZipFile) -> Iterator[ArchiveEntry]:
    for member in archive.infolist():
        if member.is_dir():
            continue
        kind = stat.S_IFMT(member.external_attr >> 16)
        if kind not in (0, stat.S_IFREG):
            raise _odd(source, member.filename)
        if member.flag_bits & 1:
            raise UsageError.say("{source} is encrypted: unpack it, and collect the folder.", source=source)
        yield ArchiveEntry(
            _place(source, member.filename), member.file_size, partial(_read_member, archive, member)
        )


def _read_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, most: int) -> bytes:
    with archive.open(member) as file:
        return file.read(most)


def _of_folder(source: Path) -> Iterator[ArchiveEntry]:
    for root, folders, files in os.walk(source, onerror=_refuse, followlinks=False):
        folders.sort()
        linked = [name for name in folders if Path(root, name).is_symlink()]
        for name in sorted([*files, *linked]):
            path = Path(root, name)
            status = path.lstat()
            if not stat.S_ISREG(status.st_mode):
                raise _odd(source, str(path.relative_to(source)))
            yield ArchiveEntry(
                PurePosixPath(path.relative_to(source)), status.st_size, partial(_read_file, path)
            )


def _refuse(error: OSError) -> None:
    """A folder that cannot be looked into: to pass over it would lose a student's work unsaid."""
    raise error


def _read_file(path: Path, most: int) -> bytes:
    with open(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC), "rb") as file:
        return file.read(most)


def _place(source: Path, name: str) -> PurePosixPath:
    """A member's place.

    Raises:
        UsageError: it points out of the archive.
    """
    path = PurePosixPath(name)
    if not path.parts or path.is_absolute() or ".." in path.parts or "\\" in name or ":" in path.parts[0]:
        raise _odd(source, name)
    return path


def _checked(source: Path, entries: list[ArchiveEntry]) -> list[ArchiveEntry]:
    if len(entries) > MOST_FILES or sum(entry.size for entry in entries) > MOST_BYTES:
        raise UsageError.say(
            "{source} holds more than {files} files or {gibibytes} GiB: is it the right one? Nothing was "
            "taken.",
            source=source,
            files=MOST_FILES,
            gibibytes=MOST_BYTES >> 30,
        )
    seen: set[PurePosixPath] = set()
    for entry in entries:
        if entry.path in seen:
            raise UsageError.say(
                "{source} holds {file} twice: which one is meant? Nothing was taken.",
                source=source,
                file=quoted(str(entry.path)),
            )
        seen.add(entry.path)
    return [entry for entry in entries if not any(map(is_left_over, entry.path.parts))]


def is_left_over(name: str) -> bool:
    """Whether a system or an editor left a file or a folder of that name."""
    return name.startswith(".") or name in LEFT_BY_SYSTEMS


def _odd(source: Path, name: str) -> UsageError:
    return UsageError.say(
        "{source} holds {file}, which is no plain file in its own place: nothing was taken.",
        source=source,
        file=quoted(name),
    )
