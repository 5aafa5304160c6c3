"""A course in one file, and back: gradebook, secret, configuration, submissions, results, feedback."""

import os
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import URL

from autograde.course.course import CONFIG_FILE, Course, only_grader
from autograde.course.gradebook import address_of, has_gradebook, shown
from autograde.errors import CourseError, UsageError
from autograde.files import moved_when_whole
from autograde.scratch import scratch_folder
from autograde.untrusted.names import shell_word

FOLDERS = ("source", "release", "submitted", "autograded", "feedback")
ELSEWHERE_FOLDER = "elsewhere"  # in the file: folders of the course that lie outside it
FILE_MODE = 0o600  # grades, and the secret that draws every student's problems
DUMP = "gradebook.pgdump"
SECRET = ".autograde/secret"
SKIPPED_NAMES = (".ipynb_checkpoints", "__pycache__")


@dataclass(frozen=True)
class Backup:
    """A backup file, how many files it contains, and which folders from outside the course."""

    path: Path
    files: int
    elsewhere: dict[str, Path]


def backup(folder: Path, out: Path | None) -> Backup:
    """Write `backup-COURSE-DATE.tar.gz` next to the course's folder.

    Raises:
        UsageError: no course, somebody is grading, the file exists, or a database that cannot be copied.
        CourseError: the disk or the database refuses; nothing is left.
    """
    course = Course.open(folder)
    if not has_gradebook(course) and not (course.root / CONFIG_FILE).is_file():
        raise UsageError(f"{course.root} is not a course.")
    path = (
        out or course.root.parent / f"backup-{course.root.name}-{datetime.now():%Y-%m-%d-%H%M%S}.tar.gz"
    ).resolve()
    if path.is_relative_to(course.root):
        raise UsageError(f"{path} is inside the course: choose a place outside.")
    if path.exists():
        raise UsageError(f"{path} exists already: choose another name.")
    with only_grader(course), tempfile.TemporaryDirectory(prefix="autograde-backup-") as scratch:
        gradebook = _copy_of_gradebook(course, Path(scratch)) if has_gradebook(course) else None
        elsewhere = _elsewhere(course)
        return Backup(path, _write(course, gradebook, elsewhere, path), elsewhere)


def _copy_of_gradebook(course: Course, scratch: Path) -> tuple[Path, Path]:
    """A copy of the gradebook, and its place in the course's folder."""
    url = address_of(course)
    if url.get_backend_name() != "sqlite":
        return _dump(url, scratch / DUMP), Path(DUMP)
    file = Path(url.database or "")
    copy = scratch / file.name
    try:  # by the database itself, with all that is committed
        with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(copy)) as target:
            source.backup(target)
            (state,) = target.execute("PRAGMA quick_check").fetchone()
        if state != "ok":
            raise CourseError(f"{file} is damaged: {state}")
        shutil.copymode(file, copy)
    except (sqlite3.Error, OSError) as error:
        reason = getattr(error, "strerror", None) or error
        raise CourseError(f"{file} cannot be copied; nothing was written: {reason}") from error
    there = file.absolute().parent.resolve() / file.name
    return copy, there.relative_to(course.root) if there.is_relative_to(course.root) else Path(file.name)


def _dump(url: URL, path: Path) -> Path:
    if url.get_backend_name() != "postgresql" or not shutil.which("pg_dump"):
        raise UsageError(
            f"the gradebook {shown(url)} is not a file: pg_dump (PostgreSQL's own, of the server's "
            "version) copies it, and is not installed here."
        )
    password = url.password or url.query.get("password")
    plain = url.set(drivername="postgresql", password=None).difference_update_query(["password"])
    hidden = os.environ | ({"PGPASSWORD": str(password)} if password else {})
    words = ["pg_dump", "--format=custom", f"--file={path}", f"--dbname={plain.render_as_string()}"]
    done = subprocess.run(words, capture_output=True, text=True, env=hidden)
    if done.returncode:
        raise CourseError(f"pg_dump failed: {' '.join(done.stderr.split()) or '?'}")
    return path


def _write(
    course: Course, gradebook: tuple[Path, Path] | None, elsewhere: dict[str, Path], path: Path
) -> int:
    """Write the archive, complete or not at all: it is read back before it gets its name."""
    path.parent.mkdir(parents=True, exist_ok=True)
    copied = f"{course.root.name}/{gradebook[1].as_posix()}" if gradebook else ""
    # The copy replaces the gradebook's file and journals.
    in_its_place = {f"{copied}{ending}" for ending in ("", "-journal", "-wal", "-shm")}

    def kept(member: tarfile.TarInfo) -> tarfile.TarInfo | None:
        return None if copied and member.name in in_its_place else _member_to_keep(member)

    try:
        with moved_when_whole(path) as half:
            with (
                open(os.open(half, os.O_RDWR | os.O_CREAT | os.O_EXCL, FILE_MODE), "w+b") as file,
                tarfile.open(fileobj=file, mode="w:gz", compresslevel=1) as archive,
            ):
                archive.add(course.root, course.root.name, filter=kept)
                for name, folder in elsewhere.items():
                    archive.add(folder, f"{course.root.name}/{name}", filter=_member_to_keep)
                if gradebook is not None:
                    archive.add(gradebook[0], copied)
            with tarfile.open(half, "r:gz") as archive:
                return sum(member.isfile() for member in archive)
    except (OSError, tarfile.TarError) as error:
        reason = getattr(error, "strerror", None) or error
        raise CourseError(f"{path} cannot be written: {reason}") from error


def _elsewhere(course: Course) -> dict[str, Path]:
    """The course's own folders that a link or the configuration puts outside it, by their names in the file."""
    folders = {}
    for kind in FOLDERS:
        folder = (course.root / getattr(course.directory, f"{kind}_directory")).resolve()
        if not (folder.is_relative_to(course.root) or course.root.is_relative_to(folder)) and folder.is_dir():
            folders[f"{ELSEWHERE_FOLDER}/{kind}"] = folder
    return folders


def _member_to_keep(member: tarfile.TarInfo) -> tarfile.TarInfo | None:
    """Files, folders and links; no sockets or pipes, no editors' leftovers."""
    name = member.name.rpartition("/")[2]
    plain = member.isfile() or member.isdir() or member.issym() or member.islnk()
    return member if plain and name not in SKIPPED_NAMES else None


def restore_backup(archive: Path, folder: Path | None) -> tuple[Path, list[str]]:
    """Restore a backup, with modes and times; existing files are not overwritten.

    A new folder is complete or missing. In an existing course the next call completes an interrupted one.

    Returns:
        The course's folder, and what was put back into it: all where it is new, else the names of files and folders.

    Raises:
        UsageError: not a backup, damaged, a folder of something else, or none named in a course's folder.
        OSError: something cannot be read or written.
    """
    if folder is None and Path(CONFIG_FILE).exists():
        raise UsageError(
            f"this is a course's folder. To put back what it lost: autograde restore {shell_word(archive)} ."
        )
    with scratch_folder((folder or Path("x")).resolve().parent, ".restore-") as scratch:
        root = _unpacked(archive, scratch)
        folder = folder or Path(root.name)
        try:
            return root.rename(folder), ["all"]
        except OSError:  # it exists and is not empty
            secrets = {path.read_bytes() for at in (root, folder) if (path := at / SECRET).exists()}
        if len(secrets) > 1 or not any((folder / name).exists() for name in (CONFIG_FILE, SECRET)):
            raise UsageError(f"{folder} is not this course's folder. Choose a new one; nothing was restored.")
        with only_grader(Course.open(folder)):
            return folder, sorted(str(path.relative_to(folder)) for path in _put_back(root, folder))


def _unpacked(archive: Path, scratch: Path) -> Path:
    """The course's folder, unpacked by tar, which lets no name point out of `scratch`."""
    words: list[str | Path] = ["tar", "-xzpf", archive.resolve(), "-C", scratch]
    done = subprocess.run(words, capture_output=True, text=True, errors="replace", umask=0o077)
    roots = list(scratch.iterdir())
    odd = [path for path in scratch.rglob("*") if not (path.is_symlink() or path.is_file() or path.is_dir())]
    is_course = len(roots) == 1 and not roots[0].is_symlink() and (roots[0] / SECRET).parent.is_dir()
    if done.returncode or odd or not is_course:
        reason = " ".join(done.stderr.split())
        raise UsageError(f"{archive} is not a backup, or damaged: nothing was restored. {reason}")
    return roots[0]


def _put_back(source: Path, folder: Path) -> Iterator[Path]:
    """Move what a folder lacks into it, each file or folder as a whole; yields what was moved."""
    for path in source.iterdir():
        target = folder / path.name
        if not os.path.lexists(target):
            if (journal := Path(f"{target}-journal")).exists():  # SQLite would apply it to this file
                raise UsageError(f"{journal} belongs to the lost file: move it away, and restore again.")
            yield path.rename(target)
        elif path.is_dir() and not path.is_symlink() and target.is_dir():
            yield from _put_back(path, target)
