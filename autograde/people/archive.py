"""A download, a zip or a folder, as names and bytes; any of it may be a student's work."""

import errno
import lzma
import os
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath

from autograde.errors import UsageError
from autograde.untrusted.names import printable, quoted
from autograde.untrusted.notebook import ReadLimits

NOTEBOOK = ".ipynb"
LEFT_BY_SYSTEMS = ("__MACOSX", "Thumbs.db", "desktop.ini")
# What zipfile and its decoders raise of a damaged zip, beside an OSError without a number (bz2).
UNREADABLE = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, NotImplementedError, RuntimeError,
    UnicodeDecodeError,
)  # fmt: skip


@dataclass(frozen=True)
class ArchiveEntry:
    """A file of a download: its place, its size in bytes, and a function that reads at most so many."""

    path: PurePosixPath
    size: int
    read: Callable[[int], bytes]


@contextmanager
def opened(source: Path) -> Iterator[list[ArchiveEntry]]:
    """The files of a zip or a folder, or one notebook, without what systems and editors leave behind.

    Raises:
        UsageError: it is neither, a notebook is damaged, or a name points out of it.
        OSError: it cannot be read.
    """
    if source.is_dir():
        yield _handed_in(_of_folder(source))
        return
    if source.suffix.lower() == NOTEBOOK and source.is_file():  # one student's, sent again
        yield [ArchiveEntry(PurePosixPath(source.name), source.stat().st_size, partial(_read_file, source))]
        return
    try:
        with zipfile.ZipFile(source) as archive:
            entries = _handed_in(_of_zip(source, archive))
            for entry in entries:  # before anything is collected; the others may have any size
                if entry.path.suffix.lower() == NOTEBOOK and entry.size <= ReadLimits.bytes:
                    entry.read(entry.size + 1)
            yield entries
    except FileNotFoundError as error:
        raise UsageError(f"{source} does not exist.") from error
    except (*UNREADABLE, OSError) as error:
        # Others are the disk's, of whatever file; EINVAL is a place before the file's start.
        if isinstance(error, OSError) and error.errno not in (None, errno.EINVAL):
            raise
        raise UsageError(
            f"{source} cannot be read as a zip: {printable(str(error))}. Download it again."
        ) from error


def _of_zip(source: Path, archive: zipfile.ZipFile) -> Iterator[ArchiveEntry]:
    for member in archive.infolist():
        if member.filename.endswith("/"):  # `is_dir` of Python 3.11 fails on an empty name
            continue
        kind = stat.S_IFMT(member.external_attr >> 16)
        if kind not in (0, stat.S_IFREG):
            raise _odd(source, member.filename)
        if member.flag_bits & 1:
            raise UsageError(f"{source} is encrypted: unpack it, and collect the folder.")
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
    """Refuse a folder that cannot be read: skipping it would lose a student's work."""
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


def _handed_in(entries: Iterable[ArchiveEntry]) -> list[ArchiveEntry]:
    return [entry for entry in entries if not any(map(is_left_over, entry.path.parts))]


def is_left_over(name: str) -> bool:
    """Whether a system or an editor leaves behind files or folders of that name."""
    return name.startswith(".") or name in LEFT_BY_SYSTEMS


def _odd(source: Path, name: str) -> UsageError:
    return UsageError(
        f"{source} has {quoted(name)}, which is not a plain file inside it: nothing was collected."
    )
