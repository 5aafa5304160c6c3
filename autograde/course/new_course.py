"""A course's folder, made from the solutions that an sdist or a folder holds, or without any."""

import gzip
import os
import shutil
import tarfile
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from email.parser import BytesParser
from importlib.metadata import version
from pathlib import Path, PurePath, PurePosixPath

from autograde.course.assignments import SOURCE
from autograde.course.configuration import TEMPLATE
from autograde.course.course import CONFIG_FILE, Course
from autograde.course.lessons import update_notebooks
from autograde.errors import UsageError
from autograde.files import put
from autograde.installed import NAME, installed_from

FACTS = "PKG-INFO"
MOST_BYTES, MOST_FILES = 256 * 2**20, 10_000
PRIVATE = 0o700  # solutions, and soon submissions and grades: not for the machine's other users
SDIST = f"{NAME}-VERSION.tar.gz"
UNREADABLE = (tarfile.TarError, gzip.BadGzipFile, zlib.error, EOFError)
File = tuple[PurePath, bytes]


def find_solutions() -> Path:
    """The clone that this was installed from, or the sdist of this version: here, in dist/, beside the wheel.

    Raises:
        UsageError: naming where it was looked for.
    """
    origin = installed_from()[0] or Path()
    if (origin / SOURCE).is_dir() and (origin / "autograde").is_dir():
        return origin
    sdist = f"{NAME}-{version(NAME)}.tar.gz"
    places = list(dict.fromkeys([Path(), Path("dist"), origin.parent]))
    for place in places:
        if (place / sdist).is_file():
            return place / sdist
    raise UsageError(
        f"the lessons' solutions are in {sdist}, which is not here, nor in "
        f"{', '.join(f'{place}/' for place in places[1:])}: say where it is with --solutions. "
        "For a course of your own assignments alone: --empty."
    )


def make_course(folder: Path, source: Path | None, chosen: list[str] | None = None) -> list[str]:
    """Make `folder` a course with the solutions of `source`: the sdist of this version, a folder, or none.

    If that fails, the folder is as it was. `chosen` are the lessons to take: all by default.

    Returns:
        The names of the course's assignments.

    Raises:
        UsageError: the folder holds something; the source is no sdist, another version's or empty; a chosen
            lesson is not in it.
        OSError: something cannot be read or written.
    """
    _require_free(folder)
    if source is None:
        _make(folder, [])
        return []
    files = solution_files(source)
    names = sorted({path.parts[0] for path, _ in files if _makes_an_assignment(path)})
    if not names:
        raise UsageError(f"no assignment in {source}: expected {SOURCE}/NAME/NAME.ipynb in it.")
    if chosen:
        _require_there(chosen, names, source)
        files = [(path, data) for path, data in files if len(path.parts) == 1 or path.parts[0] in chosen]
        names = [name for name in names if name in chosen]
    _make(folder, files)
    return names


def solution_files(source: Path) -> list[File]:
    """The files below solutions/ of an sdist of this version, or of a folder, with their paths in it.

    Raises:
        UsageError: the source is not there, too large, no sdist, or another version's.
        OSError: something cannot be read.
    """
    if not source.exists():
        raise UsageError(
            f"{source} is not there: give an sdist or a folder with --solutions (the sdist is {SDIST})."
        )
    return list(_bounded(_of_folder(source) if source.is_dir() else _of_sdist(source), source))


def _makes_an_assignment(path: PurePath) -> bool:
    """Whether a file of the solutions is a notebook, or a lesson's text, of which its notebook is made."""
    text = path.suffix == ".md" and path.parent.name.partition("-")[2] == path.stem
    return len(path.parts) == 2 and (text or path.suffix == ".ipynb")


def _require_there(chosen: list[str], names: list[str], source: Path) -> None:
    for name in chosen:
        if name not in names:
            raise UsageError(f"no lesson {name!r} in {source}. There are {', '.join(names)}.")


def _make(folder: Path, files: list[File]) -> None:
    made_here = not folder.exists()
    folder.mkdir(PRIVATE, parents=True, exist_ok=True)
    scratch = Path(tempfile.mkdtemp(prefix=".new-", dir=folder))
    try:
        Course.open(folder)  # refuses a path that nbgrader could not use
        (scratch / SOURCE).mkdir()
        for path, data in files:
            put(scratch / SOURCE / path, data)
        for assignment in {path.parts[0] for path, _ in files if len(path.parts) > 1}:
            update_notebooks(scratch / SOURCE / assignment)
        put(scratch / CONFIG_FILE, TEMPLATE.read_bytes(), PRIVATE & 0o666)
        for name in (SOURCE, CONFIG_FILE):
            os.rename(scratch / name, folder / name)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
        if made_here:
            with suppress(OSError):  # it holds the course
                folder.rmdir()


def _require_free(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder} is a file. Choose another name for the course's folder.")
    if folder.is_dir() and (there := sorted(entry.name for entry in os.scandir(folder))):
        raise UsageError(f"{folder} holds {there[0]!r} already. Choose a new or an empty folder.")


def _of_folder(source: Path) -> Iterator[File]:
    """The solutions of a clone or an unpacked sdist, or of a folder that is one of solutions itself."""
    if (source / FACTS).is_file():
        _require_this_version(source, (source / FACTS).read_bytes())
    root = source / SOURCE if (source / SOURCE).is_dir() else source
    for path in sorted(root.rglob("*")):
        relative = path.relative_to(root)
        if path.is_file() and not _is_left_over(relative):
            yield relative, path.read_bytes()


def _of_sdist(source: Path) -> Iterator[File]:
    try:
        with tarfile.open(source, "r:gz") as archive:
            yield from _of_archive(archive, source)
    except UNREADABLE as error:
        raise UsageError(
            f"{source} cannot be read as an sdist ({error}): the sdist is {SDIST}, and no wheel."
        ) from error


def _of_archive(archive: tarfile.TarFile, source: Path) -> Iterator[File]:
    """Its solutions; what is no plain file in its own place is refused."""
    facts = b""
    for member in archive:
        path = PurePosixPath(member.name)
        if len(path.parts) == 2 and path.name == FACTS and member.isreg():
            facts = _content(archive, member, source)
        if len(path.parts) < 3 or path.parts[1] != SOURCE or member.isdir():
            continue
        if not member.isreg() or ".." in path.parts or path.is_absolute() or "\0" in member.name:
            raise UsageError(
                f"{source} holds {member.name!r}, which is no plain file in {SOURCE}/: it was tampered "
                "with, do not use it."
            )
        relative = PurePosixPath(*path.parts[2:])
        if not _is_left_over(relative):
            yield relative, _content(archive, member, source)
    _require_this_version(source, facts)


def _content(archive: tarfile.TarFile, member: tarfile.TarInfo, source: Path) -> bytes:
    """A member's bytes, of which few in the archive may make very many."""
    if member.size > MOST_BYTES:
        raise _too_much(source)
    return archive.extractfile(member).read()


def _require_this_version(source: Path, facts: bytes) -> None:
    stated = BytesParser().parsebytes(facts)
    if stated["Name"] != NAME:
        raise UsageError(f"{source} is not {NAME}'s: the sdist is {SDIST}.")
    if stated["Version"] != version(NAME):
        raise UsageError(
            f"{source} is {NAME} {stated['Version']}, installed is {version(NAME)}: take the same "
            "version of both."
        )


def _bounded(files: Iterator[File], source: Path) -> Iterator[File]:
    total = 0
    for count, (path, data) in enumerate(files, 1):
        total += len(data)
        if total > MOST_BYTES or count > MOST_FILES:
            raise _too_much(source)
        yield path, data


def _too_much(source: Path) -> UsageError:
    return UsageError(
        f"{source} holds more than {MOST_BYTES >> 20} MiB or {MOST_FILES} files: is it the right place?"
    )


def _is_left_over(path: PurePath) -> bool:
    """Whether an editor or Python left it."""
    return any(part.startswith(".") or part == "__pycache__" for part in path.parts)
