"""One file with all of a course that cannot be made again: gradebook, secret, submissions, their results."""

from __future__ import annotations

import os
import shutil
import subprocess
import tarfile
import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy.engine import URL, make_url

from autograde.errors import CourseError, UsageError
from autograde.files import moved_when_whole
from autograde.grading.course import CONFIG_FILE, Course
from autograde.grading.lock import only_grader
from autograde.grading.open_gradebook import has_gradebook
from autograde.upgrade.copies import copy_gradebook

STEPS = ("source", "release", "submitted", "autograded", "feedback")
ELSEWHERE = "elsewhere"  # in the file: what of the course lies outside its folder
PRIVATE = 0o600  # grades, and the secret that draws every student's problems
DUMP = "gradebook.pgdump"
LEFT_OUT = (".ipynb_checkpoints", "__pycache__")


@dataclass(frozen=True)
class Backup:
    """A file that was written, how many files it holds, and which folders that lie elsewhere are in it."""

    path: Path
    files: int
    elsewhere: dict[str, Path]


def backup(folder: Path, out: Path | None, now: datetime) -> Backup:
    """Write `backup-COURSE-DATE.tar.gz` beside the course's folder; to restore it, unpack it and go on there.

    Raises:
        UsageError: no course, somebody is grading, the file is there, or a database that cannot be copied.
        CourseError: the disk or the database refuses; nothing is left.
    """
    course = Course.open(folder)
    if not has_gradebook(course) and not (course.root / CONFIG_FILE).is_file():
        raise UsageError.say("{folder} is no course's folder: nothing to back up.", folder=course.root)
    path = (out or course.root.parent / f"backup-{course.root.name}-{now:%Y-%m-%d-%H%M%S}.tar.gz").resolve()
    if path.is_relative_to(course.root):
        raise UsageError.say("{file} would lie in the course itself: choose a place outside.", file=path)
    if path.exists():
        raise UsageError.say("{file} is there already: choose another name.", file=path)
    with only_grader(course), tempfile.TemporaryDirectory(prefix="autograde-backup-") as scratch:
        gradebook = _copy_of_gradebook(course, Path(scratch)) if has_gradebook(course) else None
        elsewhere = _elsewhere(course)
        return Backup(path, _write(course, gradebook, elsewhere, path), elsewhere)


def _copy_of_gradebook(course: Course, scratch: Path) -> tuple[Path, Path]:
    """A copy of the gradebook, and its place in the course's folder."""
    url = make_url(course.directory.db_url)
    if url.get_backend_name() != "sqlite":
        return _dump(url, scratch / DUMP), Path(DUMP)
    file = Path(url.database or "")
    copy = scratch / file.name
    copy_gradebook(file, copy)
    there = file.absolute().parent.resolve() / file.name
    return copy, there.relative_to(course.root) if there.is_relative_to(course.root) else Path(file.name)


def _dump(url: URL, path: Path) -> Path:
    if url.get_backend_name() != "postgresql" or not shutil.which("pg_dump"):
        raise UsageError.say(
            "the gradebook {shown} is no file: pg_dump (PostgreSQL's own, of the server's version) copies "
            "it, and is not installed here.",
            shown=url.render_as_string(hide_password=True),
        )
    plain = url.set(drivername="postgresql", password=None).render_as_string()
    hidden = {**os.environ, **({"PGPASSWORD": str(url.password)} if url.password else {})}
    words = ["pg_dump", "--format=custom", f"--file={path}", f"--dbname={plain}"]
    done = subprocess.run(words, capture_output=True, text=True, env=hidden)
    if done.returncode:
        raise CourseError.say("pg_dump failed: {reason}", reason=" ".join(done.stderr.split()) or "?")
    return path


def _write(
    course: Course, gradebook: tuple[Path, Path] | None, elsewhere: dict[str, Path], path: Path
) -> int:
    """The archive, whole or not there: it is read back before it gets its name."""
    path.parent.mkdir(parents=True, exist_ok=True)
    copied = f"{course.root.name}/{gradebook[1].as_posix()}" if gradebook else ""
    # A copy stands for the gradebook's file, its journal too; other files whose names begin so are kept.
    in_its_place = {f"{copied}{ending}" for ending in ("", "-journal", "-wal", "-shm")}

    def kept(member: tarfile.TarInfo) -> tarfile.TarInfo | None:
        return None if copied and member.name in in_its_place else _member_to_keep(member)

    try:
        with moved_when_whole(path) as half:
            with (
                open(os.open(half, os.O_RDWR | os.O_CREAT | os.O_EXCL, PRIVATE), "w+b") as file,
                tarfile.open(fileobj=file, mode="w:gz", compresslevel=1) as archive,
            ):
                for entry in sorted(course.root.iterdir()):
                    archive.add(
                        _folder_or_link(course, entry), f"{course.root.name}/{entry.name}", filter=kept
                    )
                for name, folder in elsewhere.items():
                    archive.add(folder, f"{course.root.name}/{name}", filter=_member_to_keep)
                if gradebook is not None:
                    archive.add(gradebook[0], copied)
            with tarfile.open(half, "r:gz") as archive:
                return sum(member.isfile() for member in archive)
    except (OSError, tarfile.TarError) as error:
        reason = getattr(error, "strerror", None) or error
        raise CourseError.say("{file} cannot be written: {reason}", file=path, reason=reason) from error


def _folder_or_link(course: Course, entry: Path) -> Path:
    """Where the files of an entry lie: of a course's own folder where a link leads, as to a larger disk."""
    own = {getattr(course.directory, f"{step}_directory") for step in STEPS}
    folder = entry.resolve()
    is_elsewhere = folder.is_dir() and not course.root.is_relative_to(folder)
    return folder if entry.is_symlink() and entry.name in own and is_elsewhere else entry


def _elsewhere(course: Course) -> dict[str, Path]:
    """The course's own folders that its configuration puts outside it, by their names in the file.

    A folder of the course that is itself a link is none of them: `_folder_or_link` follows it.
    """
    outside = {}
    for step in STEPS:
        named = Path(os.path.normpath(course.root / getattr(course.directory, f"{step}_directory")))
        folder = named.resolve()
        in_course = named.parent == course.root or folder.is_relative_to(course.root)
        if folder.is_dir() and not in_course:
            outside[f"{ELSEWHERE}/{step}"] = folder
    return outside


def _member_to_keep(member: tarfile.TarInfo) -> tarfile.TarInfo | None:
    """Plain files, folders and links as they are; no socket or pipe, no leftovers of editors."""
    name = member.name.rpartition("/")[2]
    plain = member.isfile() or member.isdir() or member.issym() or member.islnk()
    return member if plain and name not in LEFT_OUT else None
