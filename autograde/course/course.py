"""A course folder: where things lie, how it is configured, who works in it, and its secret.

The probes of a check are drawn from its seed. The same submission always gives the same seed; nobody can
compute one without the secret, which never leaves the course folder's private part.
"""

import difflib
import fcntl
import hashlib
import hmac
import logging
import os
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from nbgrader.coursedir import CourseDirectory
from traitlets import TraitError
from traitlets.config import Config

from autograde import files, scratch
from autograde.course import assignments, configuration
from autograde.entries.entry import Submission
from autograde.errors import UsageError
from autograde.untrusted.names import is_student

ANYBODY = "{student}"  # for an id, in a path that is put together once
PRIVATE_FOLDER = ".autograde"
log = logging.getLogger("autograde.nbgrader")
log.addHandler(logging.NullHandler())

log.propagate = False


@dataclass(frozen=True)
class Course:
    """A course's root and its nbgrader configuration."""

    root: Path
    config: Config
    directory: CourseDirectory

    @classmethod
    def open(cls, root: Path | str) -> "Course":
        """The course at `root`, configured by its own nbgrader_config.py where it has one.

        Raises:
            UsageError: no such folder, or a configuration that cannot be read.
        """
        root = Path(root).resolve()
        if not root.is_dir():
            raise UsageError(f"{root}: no such course folder. Give one with --course-dir.")
        if set("?*[%$") & set(str(root)):  # they end the gradebook's address or stand for something else
            raise UsageError(f"{root}: nbgrader needs a path without ?, *, [, % and $. Rename the folder.")
        if any("\ud800" <= char <= "\udfff" for char in str(root)):  # bytes that are no UTF-8
            raise UsageError(f"{root}: the gradebook's address needs a path in UTF-8. Rename the folder.")
        config = assignments.course_settings(root)
        try:
            directory = CourseDirectory(config=config, root=str(root), log=log)
        except TraitError as error:  # the value may contain a password
            raise UsageError(str(error).partition(", not")[0]) from None
        directory.db_url = _address(directory.db_url, root)
        return cls(root, config, directory)

    @property
    def private(self) -> Path:
        """The folder of what students never get: the secret, the lock."""
        return self.root / PRIVATE_FOLDER

    @property
    def all_submissions(self) -> Path:
        """The folder in which each student has one."""
        return self.root / self.directory.submitted_directory

    def require_course_id(self, otherwise: str = "") -> None:
        """Refuse nbgrader's exchange for a course without a name.

        Raises:
            UsageError: the line that is missing, its place, and what to do `otherwise`.
        """
        if not self.directory.course_id:
            raise UsageError(
                "the exchange needs the course's name, the one that students have too. Write this line into "
                f"{self.root / configuration.CONFIG_FILE}, above the line `configure(…)`: "
                f'c.CourseDirectory.course_id = "{self.root.name}"{otherwise}'
            )

    def folder(self, kind: str, student: str, assignment: str) -> Path:
        """A student's folder of a kind ("submitted", "autograded", "feedback", "source")."""
        name = getattr(self.directory, f"{kind}_directory")
        return Path(os.path.normpath(self.directory.format_path(name, student, assignment)))

    def source(self, assignment: str) -> Path:
        """The teacher's folder of an assignment."""
        return self.folder("source", ".", assignment)

    def names_file(self, assignment: str) -> Path:
        """Where the class's names of mistakes are; whether it is there or not."""
        return self.root / "mistakes" / f"{assignment}.md"

    def source_assignments(self) -> list[str]:
        """Names of the assignments that have a notebook in the source folder."""
        return sorted({path.parent.name for path in assignments.notebooks_below(self.source("x").parent)})

    def submission(self, student: str, assignment: str) -> Submission:
        """Where a student's submission is looked for, whether it is there or not."""
        return Submission(student, assignment, self.folder("submitted", student, assignment))

    def submissions(self, assignment: str, students: Iterable[str] = ()) -> list[Submission]:
        """What was submitted for an assignment, sorted by student.

        Raises:
            UsageError: no submission at all, or an asked-for student without one.
        """
        students = list(dict.fromkeys(students))
        candidates = students or self._students()
        there = self.submitted(candidates, assignment)
        submissions = [self.submission(student, assignment) for student in candidates if student in there]
        missing = sorted(set(students) - there)
        if missing:
            where = self.folder("submitted", missing[0] if is_student(missing[0]) else "ID", assignment)
            raise UsageError(f"no submission by {', '.join(map(repr, missing))}: {where} is not there.")
        if not submissions:
            where = self.folder("submitted", "ID", assignment)
            raise UsageError(f"nothing submitted for {assignment!r}: expected folders like {where}.")
        return submissions

    def submitters(self, assignment: str) -> list[str]:
        """Everybody who submitted anything for an assignment, sorted."""
        with suppress(UsageError):  # nobody
            return [one.student for one in self.submissions(assignment)]
        return []

    def submitted(self, students: Iterable[str], assignment: str) -> set[str]:
        """Those of the students who submitted anything."""
        pattern = str(self.folder("submitted", ANYBODY, assignment))
        return {who for who in students if is_student(who) and lies_there(pattern.replace(ANYBODY, who))}

    def is_returned(self, student: str, assignment: str) -> bool:
        """Whether a student has a feedback page for an assignment."""
        return any(self.folder("feedback", student, assignment).glob("*.html"))

    def odd_folders(self) -> list[str]:
        """Folders of submissions whose names can be no student's id: they are left out."""
        return [name for name in self._students() if not name.startswith(".") and not is_student(name)]

    def _students(self) -> list[str]:
        submitted = self.all_submissions
        if not submitted.is_dir():
            raise UsageError(
                f"{submitted}: no such folder. Collect the submissions first: autograde collect --help"
            )
        return sorted(
            entry.name
            for entry in os.scandir(submitted)
            if entry.is_dir(follow_symlinks=False) or entry.is_symlink()
        )

    def require_assignment(self, assignment: str, known: list[str]) -> None:
        """Refuse an assignment that is not a known one.

        Raises:
            UsageError: naming the closest.
        """
        if assignment in known:
            return
        unknown = f"unknown assignment {assignment!r} in {self.root}."
        if not known:
            raise UsageError(f"{unknown} Nothing in {self.source('x').parent}.")
        close = difflib.get_close_matches(assignment, known, n=1, cutoff=0.3)
        hint = f" Did you mean {close[0]!r}?" if close else ""
        raise UsageError(f"{unknown}{hint} Known: {', '.join(known)}.")


def _address(url: str, root: Path) -> str:
    """The gradebook's address: a file's name in it is of the course's folder, wherever the command runs."""
    kind, slashes, file = url.partition(":///")
    is_named = kind.startswith("sqlite") and file and not file.startswith(("/", ":memory:", "file:"))
    return f"{kind}{slashes}{root / file}" if is_named else url


def lies_there(path: str | Path) -> bool:
    """Whether a file exists, or may exist: reading it reports why it cannot be looked up."""
    try:
        os.lstat(path)
    except OSError as error:
        return not isinstance(error, FileNotFoundError | NotADirectoryError)
    return True


SCRATCH = "scratch-"  # in the private folder: files on their way


@contextmanager
def only_grader(course: Course) -> Iterator[None]:
    """Hold the course's lock; it is let go when the process ends, however it ends.

    Raises:
        UsageError: another grader holds it, or it cannot be made.
    """
    path = course.private / "lock"
    try:
        course.private.mkdir(mode=0o700, exist_ok=True)
        lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}. The course folder must be writable.") from error
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = os.pread(lock, 64, 0).decode(errors="replace").strip() or "unknown"
            raise UsageError(
                f"another grader (process {holder}) is at work in {course.root}: run again when it is done."
            ) from error
        except OSError as error:  # a network's disk without locks
            raise UsageError(
                f"{path}: {error.strerror}. The course folder must be on a disk that has locks."
            ) from error
        os.ftruncate(lock, 0)
        os.pwrite(lock, f"{os.getpid()}\n".encode(), 0)
        scratch.remove_left_behind(course.private, SCRATCH)
        yield
    finally:
        os.close(lock)


def grader_at_work(course: Course) -> bool:
    """Whether another process holds the course's lock."""
    with suppress(OSError), open(course.private / "lock", "rb") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


SECRET_FILE = "secret"
SECRET_BYTES = 32


def course_secret(course: Course, graded_before: bool) -> bytes:
    """The course's secret, made at the first use.

    Raises:
        UsageError: it is lost although submissions were graded with it, or it is damaged.
    """
    path = course.private / SECRET_FILE
    if not path.exists() and graded_before:
        raise UsageError(
            f"{path} is lost: the same submissions would meet other probes now. Put it back from "
            f"a backup, or accept new probes with: mkdir -p {path.parent} && head -c {SECRET_BYTES} "
            f"/dev/urandom > {path}"
        )
    try:
        if not path.exists():
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            files.put(path, secrets.token_bytes(SECRET_BYTES), 0o600)
        os.chmod(path, 0o600)
        secret = path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}. The grader keeps its secret there.") from error
    if len(secret) != SECRET_BYTES:
        raise UsageError(f"{path} is damaged: {len(secret)} bytes instead of {SECRET_BYTES}.")
    return secret


def seed_of(secret: bytes, student: str, assignment: str, grade_id: str, digest: str) -> int:
    """The seed, 0 .. 2**63 − 1, of one check of one submitted notebook (`digest`: its SHA-256, hex)."""
    fields = [field.encode() for field in (student, assignment, grade_id, digest)]
    message = b"".join(len(field).to_bytes(8) + field for field in fields)
    # `hmac.digest` would let other threads run first, each time.
    return int.from_bytes(hmac.new(secret, message, hashlib.sha256).digest()[:8]) >> 1
