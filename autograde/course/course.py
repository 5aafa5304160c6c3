"""A course folder: where things lie, how it is configured."""

from __future__ import annotations

import difflib
import logging
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from nbgrader.coursedir import CourseDirectory
from traitlets import TraitError
from traitlets.config import Config

from autograde.course.assignments import LessonError, course_settings, notebooks_below
from autograde.errors import UsageError
from autograde.untrusted.names import is_student
from descentlab.sentences import say

CONFIG_FILE = "nbgrader_config.py"
ANYBODY = "{student}"  # for an id, in a path that is put together once
PRIVATE = ".autograde"

log = logging.getLogger("autograde.nbgrader")
log.addHandler(logging.NullHandler())
log.propagate = False


@dataclass(frozen=True)
class Submission:
    """One student's folder for one assignment."""

    student: str
    assignment: str
    folder: Path


@dataclass(frozen=True)
class Course:
    """A course's root and its nbgrader configuration."""

    root: Path
    config: Config
    directory: CourseDirectory

    @classmethod
    def open(cls, root: Path | str) -> Course:
        """The course at `root`, configured by its own nbgrader_config.py where it has one.

        Raises:
            UsageError: no such folder, or a configuration that cannot be read.
        """
        root = Path(root).resolve()
        if not root.is_dir():
            raise UsageError(f"{root}: no such course folder. Give one with --course-dir.")
        if set("?*[") & set(str(root)):  # to nbgrader the end of the gradebook's address, or a pattern
            raise UsageError(f"{root}: nbgrader needs a path without ?, * and [. Rename the folder.")
        if any("\ud800" <= char <= "\udfff" for char in str(root)):  # bytes that are no UTF-8
            raise UsageError(f"{root}: the gradebook's address needs a path in UTF-8. Rename the folder.")
        config = _configuration(root)
        try:
            directory = CourseDirectory(config=config, root=str(root), log=log)
        except TraitError as error:  # a password may stand in the value
            raise UsageError(str(error).partition(", not")[0]) from None
        directory.db_url = _address(directory.db_url, root)
        return cls(root, config, directory)

    @property
    def private(self) -> Path:
        """The folder of what students never get: the secret, the lock."""
        return self.root / PRIVATE

    @property
    def course_id_line(self) -> str:
        """Which line names the course for nbgrader's exchange, and where it stands."""
        return say(
            "Write this line into {file}, above the line `configure(…)`: c.CourseDirectory.course_id = "
            "{name}",
            file=self.root / CONFIG_FILE,
            name=f'"{self.root.name}"',
        )

    def folder(self, step: str, student: str, assignment: str) -> Path:
        """The folder of a step ("submitted", "autograded", "feedback", "source") for a student."""
        name = getattr(self.directory, f"{step}_directory")
        return Path(os.path.normpath(self.directory.format_path(name, student, assignment)))

    def source(self, assignment: str) -> Path:
        """The instructor's folder of an assignment."""
        return self.folder("source", ".", assignment)

    def source_assignments(self) -> list[str]:
        """Names of the assignments that have a notebook in the source folder."""
        return sorted({path.parent.name for path in notebooks_below(self.source("x").parent)})

    def submission(self, student: str, assignment: str) -> Submission:
        """Where a student's submission is looked for, whether it is there or not."""
        return Submission(student, assignment, self.folder("submitted", student, assignment))

    def submissions(self, assignment: str, students: list[str] | None = None) -> list[Submission]:
        """What was submitted for an assignment, sorted by student.

        Raises:
            UsageError: no submission at all, or an asked-for student without one.
        """
        students = list(dict.fromkeys(students or []))
        candidates = students or self._students()
        there = self.handed_in(candidates, assignment)
        submissions = [self.submission(student, assignment) for student in candidates if student in there]
        missing = sorted(set(students) - there)
        if missing:
            where = self.folder("submitted", missing[0] if is_student(missing[0]) else "ID", assignment)
            raise UsageError(f"no submission by {', '.join(map(repr, missing))}: {where} is not there.")
        if not submissions:
            where = self.folder("submitted", "ID", assignment)
            raise UsageError(f"nothing submitted for {assignment!r}: expected folders like {where}.")
        return submissions

    def handed_in(self, students: Iterable[str], assignment: str) -> set[str]:
        """Those of many students of whom anything lies there."""
        pattern = str(self.folder("submitted", ANYBODY, assignment))
        return {who for who in students if is_student(who) and lies_there(pattern.replace(ANYBODY, who))}

    def is_returned(self, student: str, assignment: str) -> bool:
        """Whether a student has a feedback page for an assignment."""
        folder = self.folder("feedback", student, assignment)
        return any(folder.glob("*.html"))

    def odd_folders(self) -> list[str]:
        """Folders of submissions whose names can be no student's id: they are left out."""
        return [name for name in self._students() if not name.startswith(".") and not is_student(name)]

    def _students(self) -> list[str]:
        submitted = self.root / self.directory.submitted_directory
        if not submitted.is_dir():
            raise UsageError(
                f"{submitted}: no such folder. Collect the submissions first: autograde collect --help"
            )
        return sorted(
            entry.name
            for entry in os.scandir(submitted)
            if entry.is_dir(follow_symlinks=False) or entry.is_symlink()
        )

    def unknown_assignment(self, assignment: str, known: list[str]) -> UsageError:
        """The error that names the closest known assignment."""
        unknown = f"unknown assignment {assignment!r} in {self.root}."
        if not known:
            return UsageError(f"{unknown} Nothing in {self.source('x').parent}.")
        close = difflib.get_close_matches(assignment, known, n=1, cutoff=0.3)
        hint = f" Did you mean {close[0]!r}?" if close else ""
        return UsageError(f"{unknown}{hint} Known: {', '.join(known)}.")


def _address(url: str, root: Path) -> str:
    """The gradebook's address: a file's name in it is of the course's folder, wherever the command runs."""
    kind, slashes, file = url.partition(":///")
    is_named = kind.startswith("sqlite") and file and not file.startswith(("/", ":memory:", "file:"))
    return f"{kind}{slashes}{root / file}" if is_named else url


def _configuration(root: Path) -> Config:
    try:
        return course_settings(root)
    except LessonError as error:
        raise UsageError(str(error)) from error


def lies_there(path: str | Path) -> bool:
    """Whether anything lies there, or may: reading says what is wrong where nobody can look."""
    try:
        os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        return True
    return True
