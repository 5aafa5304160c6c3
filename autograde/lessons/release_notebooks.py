"""The notebooks that students get, put into the course's release folder."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from traitlets.config import Config

from autograde.assignments.convert import as_lesson_error, convert, require_sound
from autograde.assignments.settings import (
    RELEASE,
    SOURCE,
    LessonError,
    assignments,
    course_settings,
    notebooks_in,
    untouched,
)
from autograde.grading.course import Course
from autograde.grading.gradebook import SharedGradebook
from autograde.grading.lock import only_grader
from autograde.grading.open_gradebook import open_gradebook
from autograde.grading.register_assignment import convert_and_register
from autograde.lessons.current import require_current
from autograde.roster.naming import named
from autograde.scratch import scratch_folder
from autograde.telling import warn


def release_notebooks(
    course: Path, assignment: str, *, register: bool = True, force: bool = False, own: Config | None = None
) -> list[Path]:
    """Makes `notebooks/ASSIGNMENT` from `solutions/ASSIGNMENT` and registers it in a gradebook.

    The gradebook is the course's own `gradebook.db`, or the one that its nbgrader_config.py names; with
    `register` false none is touched, and the files are the same. Returns the notebooks' paths.

    Args:
        own: the settings where `course` is a copy of the one that has them; without `register` alone.

    Raises:
        LessonError: nothing there, a notebook that its text has outgrown,
            a check cell whose points are not its metadata's, a released notebook
            somebody worked in (unless `force`), or nbgrader's own refusal.
    """
    target = course / RELEASE / assignment
    _require_sound_source(course, assignment)
    if not force:
        _require_untouched(target)
    with as_lesson_error(), scratch_folder(course / RELEASE, ".release-") as scratch:
        if register:
            with _course_at(course) as (opened, gradebook):
                converted = convert_and_register(opened, gradebook, assignment, scratch)
        else:
            converted = convert(course, own or course_settings(course), assignment, scratch, register=False)
        names = [path.name for path in notebooks_in(converted)]
        if register:
            _name_leftovers(converted, target)
        _put(converted, target)
    return [target / name for name in names]


def _require_sound_source(course: Path, assignment: str) -> None:
    source = course / SOURCE / assignment
    notebooks = notebooks_in(source)
    if not notebooks:
        known = ", ".join(assignments(course)) or "–"
        raise LessonError.say(
            "no notebook in {folder}; assignments in {solutions}: {known}. Another course: --course-dir",
            folder=source,
            solutions=course / SOURCE,
            known=known,
        )
    for path in notebooks:
        require_sound(path)
        require_current(path)


@contextmanager
def _course_at(root: Path) -> Iterator[tuple[Course, SharedGradebook]]:
    """The course and its gradebook, for nobody else meanwhile."""
    course = Course.open(root)
    with only_grader(course), closing(open_gradebook(course)) as gradebook:
        yield course, gradebook


def _require_untouched(target: Path) -> None:
    for path in notebooks_in(target):
        if not untouched(path):
            raise LessonError.say(
                "{file} differs from what was released: somebody worked in it. "
                "Move it away, or use --force to overwrite it",
                file=path,
            )


def _name_leftovers(converted: Path, target: Path) -> None:
    """Say what an earlier release put there, and students still get: who put it there takes it away."""
    there = {path.relative_to(target) for path in target.rglob("*") if path.is_file()}
    earlier = there - {path.relative_to(converted) for path in converted.rglob("*")}
    files = sorted(str(path) for path in earlier if not any(part.startswith(".") for part in path.parts))
    if files:
        warn(
            "{folder} holds what is not in {source}, and students get it too: {files}. Delete what they must "
            "not have",
            folder=target,
            source=Path(SOURCE, target.name),
            files=named(files),
        )


def _put(converted: Path, target: Path) -> None:
    """Moves the finished files into place one by one: an interrupted release leaves whole files only."""
    target.mkdir(parents=True, exist_ok=True)
    for path in sorted(converted.rglob("*")):
        released = target / path.relative_to(converted)
        if path.is_dir():
            released.mkdir(exist_ok=True)
        else:
            os.replace(path, released)
