"""A course's folder, made from the solutions that an sdist or a folder holds, or without any."""

from __future__ import annotations

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

from autograde.assignments.settings import SOURCE
from autograde.configuration import TEMPLATE
from autograde.errors import UsageError
from autograde.files import put
from autograde.grading.course import CONFIG_FILE, Course
from autograde.lessons.current import update_notebooks
from autograde.roles import NAME, installed_from

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
    raise UsageError.say(
        "the lessons' solutions are in {sdist}, which is not here, nor in {places}: say where it is with "
        "--solutions. For a course of your own assignments alone: --empty.",
        sdist=sdist,
        places=", ".join(f"{place}/" for place in places[1:]),
    )


def make_empty_course(folder: Path) -> None:
    """Make `folder` a course without assignments.

    Raises:
        UsageError: the folder holds something.
        OSError: something cannot be written.
    """
    _require_free(folder)
    _make(folder, [])


def make_course(folder: Path, source: Path, chosen: list[str] | None = None) -> list[str]:
    """Make `folder` a course with the solutions of `source`: the sdist of this version, or a folder.

    The folder is there as a whole or as it was before. `chosen` are the lessons to take: all by default.

    Returns:
        The names of the course's assignments.

    Raises:
        UsageError: the folder holds something; the source is no sdist, another version's or empty; a chosen
            lesson is not in it.
        OSError: something cannot be read or written.
    """
    if not source.exists():
        raise UsageError.say(
            "{source} is not there: give an sdist or a folder with --solutions (the sdist is {sdist}).",
            source=source,
            sdist=SDIST,
        )
    _require_free(folder)
    files = list(_bounded(_of_folder(source) if source.is_dir() else _of_sdist(source), source))
    names = sorted({path.parts[0] for path, _ in files if _makes_an_assignment(path)})
    if not names:
        raise UsageError.say(
            "no assignment in {source}: expected {solutions}/NAME/NAME.ipynb in it.",
            source=source,
            solutions=SOURCE,
        )
    if chosen:
        _require_there(chosen, names, source)
        files = [(path, data) for path, data in files if len(path.parts) == 1 or path.parts[0] in chosen]
        names = [name for name in names if name in chosen]
    _make(folder, files)
    return names


def _makes_an_assignment(path: PurePath) -> bool:
    """Whether a file of the solutions is a notebook, or a lesson's text, of which its notebook is made."""
    text = path.suffix == ".md" and path.parent.name.partition("-")[2] == path.stem
    return len(path.parts) == 2 and (text or path.suffix == ".ipynb")


def _require_there(chosen: list[str], names: list[str], source: Path) -> None:
    for name in chosen:
        if name not in names:
            raise UsageError.say(
                "no lesson {name!r} in {source}. There are {known}.",
                name=name,
                source=source,
                known=", ".join(names),
            )


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
        put(scratch / CONFIG_FILE, TEMPLATE.read_bytes())
        for name in (SOURCE, CONFIG_FILE):
            os.rename(scratch / name, folder / name)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
        if made_here:
            with suppress(OSError):  # it holds the course
                folder.rmdir()


def _require_free(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise UsageError.say(
            "{folder} is a file. Choose another name for the course's folder.", folder=folder
        )
    if folder.is_dir() and (there := sorted(entry.name for entry in os.scandir(folder))):
        raise UsageError.say(
            "{folder} holds {file!r} already. Choose a new or an empty folder.",
            folder=folder,
            file=there[0],
        )


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
        raise UsageError.say(
            "{source} cannot be read as an sdist ({reason}): the sdist is {sdist}, and no wheel.",
            source=source,
            reason=error,
            sdist=SDIST,
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
            raise UsageError.say(
                "{source} holds {file!r}, which is no plain file in {solutions}/: "
                "it was tampered with, do not use it.",
                source=source,
                file=member.name,
                solutions=SOURCE,
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
        raise UsageError.say(
            "{source} is not {package}'s: the sdist is {sdist}.", source=source, package=NAME, sdist=SDIST
        )
    if stated["Version"] != version(NAME):
        raise UsageError.say(
            "{source} is {package} {shipped}, installed is {installed}: take the same version of both.",
            source=source,
            package=NAME,
            shipped=stated["Version"],
            installed=version(NAME),
        )


def _bounded(files: Iterator[File], source: Path) -> Iterator[File]:
    total = 0
    for count, (path, data) in enumerate(files, 1):
        total += len(data)
        if total > MOST_BYTES or count > MOST_FILES:
            raise _too_much(source)
        yield path, data


def _too_much(source: Path) -> UsageError:
    return UsageError.say(
        "{source} holds more than {mebibytes} MiB or {files} files: is it the right place?",
        source=source,
        mebibytes=MOST_BYTES >> 20,
        files=MOST_FILES,
    )


def _is_left_over(path: PurePath) -> bool:
    """Whether an editor or Python left it."""
    return any(part.startswith(".") or part == "__pycache__" for part in path.parts)
