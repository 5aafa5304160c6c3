"""New courses and assignments.

A course is made from the solutions that an sdist or a folder holds, or without any; an assignment of a teacher's own
has an example of each kind of check. Both can be released as they are.
"""

import ast
import gzip
import os
import re
import shutil
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from email.parser import BytesParser
from importlib.metadata import version
from pathlib import Path, PurePath, PurePosixPath

from autograde.course.assignments import SOURCE, assignments
from autograde.course.configuration import CONFIG_FILE, TEMPLATE
from autograde.course.course import Course
from autograde.errors import UsageError
from autograde.files import put
from autograde.installed import NAME, installed_from, released_lessons
from autograde.release import lessons, texts
from autograde.scratch import scratch_folder

FACTS = "PKG-INFO"
MOST_BYTES, MOST_FILES = 256 * 2**20, 10_000
CORES_ONLY = (
    b'c.CoreOnly.lessons = ["all"]  # or the names of some; without this line everything is released\n'
)
FOLDER_MODE = 0o700  # solutions, and soon submissions and grades: not for the machine's other users
SDIST = f"{NAME}-VERSION.tar.gz"
OF_OLD = re.compile(
    r"CourseDirectory|Exchange|db_url|password|PGPASS|load_subconfig|\bexec\b|://", re.IGNORECASE
)
"""What a course has for itself, and files that may say so, in Python as `ast.unparse` writes it."""
File = tuple[PurePath, bytes]


def find_solutions(given: Path | None = None) -> Path:
    """What was given, else the clone that this was installed from, or the sdist of this version: here, in dist/, next to
    the wheel.

    Raises:
        UsageError: naming where it was looked for; or the course is not installed.
    """
    if given:
        return given
    released_lessons()  # without the course its solutions cannot be checked
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


def make_course(
    folder: Path,
    source: Path | None,
    chosen: list[str] | None = None,
    core: bool = False,
    settings: str = "",
) -> list[str]:
    """Make `folder` a course with the solutions of `source`: the sdist of this version, a folder, or none.

    If that fails, the folder is as it was. `chosen` are the lessons to take: all by default; `core`: only their
    cores are released; `settings`: the text of its nbgrader_config.py, the usual one by default.

    Returns:
        The names of the course's assignments.

    Raises:
        UsageError: the folder holds something; the source is not an sdist, another version's or empty; a chosen
            lesson is not in it.
        OSError: something cannot be read or written.
    """
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder} is a file. Choose another name for the course's folder.")
    if folder.is_dir() and (there := sorted(os.listdir(folder))):
        raise UsageError(f"{folder} holds {there[0]!r} already. Choose a new or an empty folder.")
    files = solution_files(source) if source else []
    made_here = not folder.exists()
    folder.mkdir(FOLDER_MODE, parents=True, exist_ok=True)
    folder.chmod(folder.stat().st_mode & ~0o007)  # an empty one that was there: of a group's it stays
    try:
        with scratch_folder(folder, ".new-") as scratch:
            Course.open(folder)  # refuses a path that nbgrader could not use
            (scratch / SOURCE).mkdir()
            for path, data in files:
                put(scratch / SOURCE / path, data)
            names = _choose(scratch, source, chosen) if source else []
            for name in names:
                lessons.update_notebooks(scratch / SOURCE / name)
            configuration = (settings.encode() or TEMPLATE.read_bytes()) + (CORES_ONLY if core else b"")
            put(scratch / CONFIG_FILE, configuration, FOLDER_MODE & 0o666)
            for name in (SOURCE, CONFIG_FILE):
                os.rename(scratch / name, folder / name)
    finally:
        if made_here:
            with suppress(OSError):  # it holds the course
                folder.rmdir()
    return names


def settings_of(old: Path) -> tuple[str, list[str], list[str]]:
    """The text of a course's nbgrader_config.py for the next course: what names the old one's folders, gradebook,
    exchange or a password is left out, with the statements around it and those that need it.

    Returns:
        The text, the settings in it, and the names and lines of the statements that were left out.

    Raises:
        UsageError: there is none, or it is no Python.
    """
    path = old / CONFIG_FILE
    try:
        text = path.read_text("utf-8")
        statements = ast.parse(text).body
    except (OSError, ValueError, SyntaxError) as error:
        raise UsageError(f"{path} cannot be read: name the folder of a course with --from.") from error
    lines, taken, left, lost = text.split("\n"), [], [], set()
    for statement in statements:
        setting = ast.get_source_segment(text, statement) or ""
        names = [node for node in ast.walk(statement) if isinstance(node, ast.Name)]
        if OF_OLD.search(ast.unparse(statement)) or any(name.id in lost for name in names):
            lost |= {name.id for name in names if isinstance(name.ctx, ast.Store)} - {"c"}
            lost.add(getattr(statement, "name", ""))
            # What follows may contain a password.
            end = "=" if isinstance(statement, ast.Assign) else r"[^\w. ]"
            left.append(f"{re.split(end, setting)[0].strip()} (line {statement.lineno})")
            end_line = statement.end_lineno or statement.lineno
            lines[statement.lineno - 1 : end_line] = [f"# left out: {left[-1]}"] * (
                end_line - statement.lineno + 1
            )
        elif setting.startswith("c."):
            taken.append(setting)
    return "\n".join(lines), taken, left


def _choose(course: Path, source: Path, chosen: list[str] | None) -> list[str]:
    """The names of a course's assignments, after those that were not chosen are removed."""
    names = assignments(course)
    if not names:
        raise UsageError(f"no assignment in {source}: expected {SOURCE}/NAME/NAME.ipynb in it.")
    for name in chosen or []:
        if name not in names:
            raise UsageError(f"no lesson {name!r} in {source}. There are {', '.join(names)}.")
    for name in names:
        if chosen and name not in chosen:
            shutil.rmtree(course / SOURCE / name)
    return assignments(course)


def solution_files(source: Path, part: str = SOURCE) -> list[File]:
    """The files below solutions/, or another `part`, of an sdist of this version or of a folder, with their paths in it.

    Raises:
        UsageError: the source is not there, too large, no sdist, or another version's.
        OSError: something cannot be read.
    """
    if not source.exists():
        raise UsageError(
            f"{source} is not there: give an sdist or a folder with --solutions (the sdist is {SDIST})."
        )
    files, total = [], 0
    for path, data in _of_folder(source, part) if source.is_dir() else _of_sdist(source, part):
        if any(part.startswith(".") or part == "__pycache__" for part in path.parts):
            continue  # an editor or Python left it
        files.append((path, data))
        total += len(data)
        if total > MOST_BYTES or len(files) > MOST_FILES:
            raise _too_much(source)
    return files


def _of_folder(source: Path, part: str) -> Iterator[File]:
    """The solutions of a clone or an unpacked sdist, or of a folder that is one of solutions itself."""
    if (source / FACTS).is_file():
        _require_this_version(source, (source / FACTS).read_bytes())
    root = source / part if (source / part).is_dir() else source
    for path in sorted(root.rglob("*")):
        if path.is_file():
            yield path.relative_to(root), path.read_bytes()


def _of_sdist(source: Path, part: str) -> Iterator[File]:
    """Its files below `part`; what is not a plain file in its own place is refused."""
    facts = b""
    try:
        with tarfile.open(source, "r:gz") as archive:
            for member in archive:
                path = PurePosixPath(member.name)
                is_facts = len(path.parts) == 2 and path.name == FACTS and member.isreg()
                is_wanted = len(path.parts) > 2 and path.parts[1] == part and not member.isdir()
                if not (is_facts or is_wanted):
                    continue
                if not member.isreg() or ".." in path.parts or path.is_absolute() or "\0" in member.name:
                    raise UsageError(
                        f"{source} holds {member.name!r}, which is not a plain file in {part}/: it was "
                        "tampered with, do not use it."
                    )
                if member.size > MOST_BYTES:  # a megabyte of an archive can be a gigabyte of zeros
                    raise _too_much(source)
                data = archive.extractfile(member).read()
                if is_facts:
                    facts = data
                else:
                    yield PurePosixPath(*path.parts[2:]), data
    except (tarfile.TarError, gzip.BadGzipFile, zlib.error, EOFError) as error:
        raise UsageError(
            f"{source} cannot be read as an sdist ({error}): the sdist is {SDIST}, and no wheel."
        ) from error
    _require_this_version(source, facts)


def _require_this_version(source: Path, facts: bytes) -> None:
    stated = BytesParser().parsebytes(facts)
    if stated["Name"] != NAME:
        raise UsageError(f"{source} is not {NAME}'s: the sdist is {SDIST}.")
    if stated["Version"] != version(NAME):
        raise UsageError(
            f"{source} is {NAME} {stated['Version']}, installed is {version(NAME)}: take the same "
            "version of both."
        )


def _too_much(source: Path) -> UsageError:
    return UsageError(
        f"{source} holds more than {MOST_BYTES >> 20} MiB or {MOST_FILES} files: is it the right place?"
    )


ASSIGNMENT_TEXT = Path(__file__).with_name("assignment.md.txt")
ASSIGNMENT_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}")


def make_assignment(root: Path, name: str) -> Path:
    """Make `solutions/NAME/NAME.ipynb` in a course's folder; nothing is overwritten.

    Raises:
        UsageError: no course there, a name that nbgrader cannot take, or an assignment with this name.
        OSError: it cannot be written.
    """
    if not ASSIGNMENT_NAME.fullmatch(name):
        raise UsageError(f"{name!r} cannot be an assignment's name: letters, digits, - and _, at most 100.")
    if name == "all":
        raise UsageError(f"{name!r} cannot be an assignment's name: it means every assignment.")
    course = Course.open(root)
    if not (course.root / CONFIG_FILE).is_file() and not (course.root / SOURCE).is_dir():
        raise UsageError(
            f"{course.root} is not a course's folder: make one with `autograde new course DIR`, or "
            "name it with --course-dir."
        )
    folder = course.source(name)
    if folder.exists():
        raise UsageError(f"{folder} is there already: choose another name.")
    text = ASSIGNMENT_TEXT.read_text("utf-8").replace("@NAME@", name)
    put(folder / f"{name}.ipynb", texts.json_of(texts.notebook_of(text)).encode())
    return folder / f"{name}.ipynb"
