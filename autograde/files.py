"""Files that are whole or not there."""

import hashlib
import io
import json
import os
import stat
import zipfile
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from glob import escape
from pathlib import Path
from typing import Any

from autograde.errors import UsageError

DATABASE = b"SQLite format 3\0"
PARTIAL_SUFFIX = ".half"  # after the name of a file that is being written


def put(path: Path, data: bytes, mode: int | None = None) -> None:
    """Write a file next to its place and move it there; what a killed process left next to it goes.

    Who may read it is `mode`'s to say, or this user's umask's: grades are written with it, too.

    Raises:
        OSError: the folder cannot be written, or the disk is full.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with moved_when_whole(path) as fresh:
            _remove_left_behind(path)
            fresh.unlink(missing_ok=True)
            new = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666 if mode is None else mode)
            with open(new, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())  # or a power cut may leave the new name with nothing in it
            if mode is not None:
                fresh.chmod(mode)  # whatever this user's umask is
    except OSError as error:  # a full disk names no file, and the scratch file means nothing
        raise OSError(error.errno, error.strerror, str(path)) from error


@contextmanager
def moved_when_whole(path: Path) -> Iterator[Path]:
    """A name next to `path` for a file to be written, which is moved there at the end; on an error it goes."""
    half = path.with_name(f".{path.name}.{os.getpid()}{PARTIAL_SUFFIX}")
    try:
        yield half
        os.replace(half, path)
    finally:
        with suppress(OSError):
            half.unlink(missing_ok=True)


def _remove_left_behind(path: Path) -> None:
    if not Path("/proc/self").exists():  # nobody can tell here whose a file is
        return
    for left in path.parent.glob(f".{escape(path.name)}.*{PARTIAL_SUFFIX}"):
        writer = left.name.removesuffix(PARTIAL_SUFFIX).rpartition(".")[2]
        if writer.isdecimal() and not Path("/proc", writer).exists():
            left.unlink(missing_ok=True)


def put_where_asked(path: Path, data: bytes) -> None:
    """Write where a person said to: through a link, and into a device or a pipe as it is (/dev/stdout).

    Who may read a file that is there already may read the new one, and nobody else.

    Raises:
        UsageError: a gradebook is there.
        OSError: as `put`.
    """
    if path.is_file() and _is_database(path):
        raise UsageError(f"{path} is a database, as a gradebook is: name another file.")
    if path.exists() and not path.is_file():
        path.write_bytes(data)
    else:
        put(Path(os.path.realpath(path)), data, stat.S_IMODE(path.stat().st_mode) if path.exists() else None)


def _is_database(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(len(DATABASE)) == DATABASE
    except PermissionError:  # who may not read it may yet write it
        return False


def files_below(folder: Path) -> Iterator[Path]:
    """Every file and link in a folder and in those below it, in order.

    Raises:
        OSError: a folder cannot be read; to skip it would leave out what it contains.
    """

    def refuse(error: OSError) -> None:
        raise error

    for parent, folders, names in os.walk(folder, onerror=refuse):
        folders.sort()
        linked = [name for name in folders if Path(parent, name).is_symlink()]
        yield from (Path(parent, name) for name in sorted([*names, *linked]))


def json_bytes(value: Any) -> bytes:
    """A JSON file that a person can read: one item a line."""
    return (json.dumps(value, indent=1) + "\n").encode()


def zip_bytes(files: Mapping[str, bytes], programs: Collection[str] = ()) -> bytes:
    """A zip that depends on these files alone, on no time; those named in `programs` can be run."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in files.items():
            entry = zipfile.ZipInfo(name)  # of 1980, not of now
            entry.external_attr = (0o755 if name in programs else 0o644) << 16
            archive.writestr(entry, data, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def digest_of(notebooks: dict[str, str]) -> str:
    """The digests of files, as one text in the order of their names."""
    return " ".join(f"{name}:{digest}" for name, digest in sorted(notebooks.items()))


def sha256(data: bytes) -> str:
    """The digest of a file, hex."""
    return hashlib.sha256(data).hexdigest()
