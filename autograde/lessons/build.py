"""Every notebook of a course from the lessons' texts."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from traitlets.config import Config

from autograde.assignments.settings import (
    SOURCE,
    LessonError,
    course_settings,
    is_text,
    untouched,
    without_leftovers,
)
from autograde.files import put
from autograde.lessons.current import update_notebook
from autograde.lessons.release_notebooks import release_notebooks
from autograde.lessons.text import read_lesson
from descentlab.sentences import say

COMMAND = "autograde notebooks"


def lesson_paths(course: Path) -> list[Path]:
    """The texts `solutions/NN-rule/rule.md`, in order: those named like their folder, without the number."""
    texts = (course / SOURCE).glob("*/*.md")
    return sorted(filter(is_text, texts))


def build(course: Path, force: bool = False) -> Iterator[Path]:
    """Writes both notebooks of each lesson that are not up to date; yields the paths that were written.

    Raises:
        LessonError: somebody's work would be lost: a solution's notebook edited later than its text, or a
            released notebook somebody worked in; a configuration that cannot be read.
    """
    yield from _build(course, course_settings(course), force)


def _build(course: Path, own: Config, force: bool = False) -> Iterator[Path]:
    """As `build`, with the settings of the course, of which the folder may be a copy."""
    for text in lesson_paths(course):
        if (notebook := update_notebook(text, force)) is not None:
            yield notebook
    with tempfile.TemporaryDirectory() as scratch:
        for made in _releases(course, own, Path(scratch)):
            target, content = course / made.relative_to(scratch), made.read_text(encoding="utf-8")
            if _same(target, content):
                continue
            if target.exists() and not force and not untouched(target):
                raise LessonError.say(
                    "{file}: somebody worked in it; move it away, or drop it with `{command} --force`",
                    file=target,
                    command=COMMAND,
                )
            put(target, content.encode())
            yield target


def drift(course: Path) -> list[str]:
    """What differs from a fresh build: a line each, with the command that mends it."""
    own = course_settings(course)
    with tempfile.TemporaryDirectory() as scratch:
        copy = Path(scratch)
        for text in lesson_paths(course):
            read_lesson(text)  # here its own path is named where it cannot be read
            target = copy / text.relative_to(course)
            shutil.copytree(text.parent, target.parent, ignore=shutil.ignore_patterns("*.ipynb"))
        made = [path.relative_to(copy) for path in _build(copy, own)]
        stale = [path for path in made if not _same(course / path, (copy / path).read_text(encoding="utf-8"))]
    return [
        say("{file} is not what its lesson's text gives: run `{command}`", file=path, command=COMMAND)
        for path in stale
    ]


def _releases(course: Path, own: Config, scratch: Path) -> Iterator[Path]:
    """Releases every lesson into a scratch course, by the course's settings and without a gradebook."""
    for text in lesson_paths(course):
        assignment = text.parent.name
        shutil.copytree(text.parent, scratch / SOURCE / assignment, ignore=without_leftovers)
        yield from release_notebooks(scratch, assignment, register=False, own=own)


def _same(path: Path, content: str) -> bool:
    return path.exists() and path.read_text(encoding="utf-8", errors="replace") == content
