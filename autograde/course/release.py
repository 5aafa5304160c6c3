"""The notebooks that students get, put into the course's release folder."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import typer
from traitlets.config import Config

from autograde.course.answer_key import convert_and_register
from autograde.course.assignments import (
    RELEASE,
    SOURCE,
    assignments,
    course_settings,
    is_text,
    notebooks_in,
    without_leftovers,
)
from autograde.course.conversion import convert, require_sound
from autograde.course.course import Course, only_grader
from autograde.course.gradebook import SharedGradebook, open_gradebook
from autograde.course.lessons import FORCE, json_of, read_lesson, require_current, update_notebook
from autograde.course.release_steps import untouched
from autograde.errors import UsageError
from autograde.files import put
from autograde.scratch import scratch_folder
from autograde.untrusted.names import printable


def release_notebooks(
    course: Path,
    assignment: str,
    *,
    register: bool = True,
    force: bool = False,
    own: Config | None = None,
    trial: Callable[[Path, str], None] | None = None,
) -> list[Path]:
    """Makes `notebooks/ASSIGNMENT` from `solutions/ASSIGNMENT` and registers it in a gradebook.

    The gradebook is the course's own `gradebook.db`, or the one that its nbgrader_config.py names; with
    `register` false none is touched, and the files are the same. Returns the notebooks' paths.

    Args:
        own: the settings where `course` is a copy of the one that has them; without `register` alone.
        trial: runs the solution in the sandbox first, and refuses it.

    Raises:
        UsageError: nothing there, a notebook that its text has outgrown,
            a check cell whose points are not its metadata's, a released notebook
            somebody worked in (unless `force`), a solution that does not pass, or nbgrader's own refusal.
    """
    target = course / RELEASE / assignment
    _require_sound_source(course, assignment)
    if not force:
        _require_untouched(target)
    if trial:
        trial(course, assignment)
    with scratch_folder(course / RELEASE, ".release-") as scratch:
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
        raise UsageError(
            f"no notebook in {source}; assignments in {course / SOURCE}: {known}. Another course: "
            "--course-dir"
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
            raise UsageError(
                f"{path} differs from what was released: somebody worked in it. Move it away, or use "
                "--force to overwrite it"
            )


def _name_leftovers(converted: Path, target: Path) -> None:
    """Say what an earlier release put there, and students still get: who put it there takes it away."""
    there = {path.relative_to(target) for path in target.rglob("*") if path.is_file()}
    earlier = there - {path.relative_to(converted) for path in converted.rglob("*")}
    files = sorted(str(path) for path in earlier if not any(part.startswith(".") for part in path.parts))
    if files:
        some = ", ".join(map(printable, files[:10])) + (", …" if files[10:] else "")
        holds = f"{target} holds what is not in {Path(SOURCE, target.name)}, and students get it too: {some}"
        typer.echo(f"{holds}. Delete what they must not have", err=True)


def _put(converted: Path, target: Path) -> None:
    """Moves the finished files into place one by one: an interrupted release leaves whole files only."""
    target.mkdir(parents=True, exist_ok=True)
    for path in sorted(converted.rglob("*")):
        released = target / path.relative_to(converted)
        if path.is_dir():
            released.mkdir(exist_ok=True)
        else:
            os.replace(path, released)


def lesson_paths(course: Path) -> list[Path]:
    """The texts `solutions/NN-rule/rule.md`, in order: those named like their folder, without the number."""
    texts = (course / SOURCE).glob("*/*.md")
    return sorted(filter(is_text, texts))


def build(course: Path, force: bool = False) -> Iterator[Path]:
    """Writes both notebooks of each lesson that are not up to date; yields the paths that were written.

    Raises:
        UsageError: somebody's work would be lost: a solution's notebook edited later than its text, or a
            released notebook somebody worked in; a configuration that cannot be read.
    """
    for text in lesson_paths(course):
        if (notebook := update_notebook(text, force)) is not None:
            yield notebook
    for path, content in _as_texts_give(course):
        if not _same(path, content):
            if path.exists() and not force and not untouched(path):
                raise UsageError(f"{path}: somebody worked in it; move it away, or drop it with `{FORCE}`")
            put(path, content.encode())
            yield path


def drift(course: Path) -> list[str]:
    """What differs from a fresh build: a line each, with the command that mends it."""
    stale = [path for path, content in _as_texts_give(course) if not _same(path, content)]
    return [
        f"{path.relative_to(course)} is not what its lesson's text gives: run `autograde notebooks`"
        for path in stale
    ]


def _as_texts_give(course: Path) -> Iterator[tuple[Path, str]]:
    """The complete and the released notebooks of every lesson, made in a copy by the course's settings."""
    own = course_settings(course)
    with tempfile.TemporaryDirectory() as scratch:
        for text in lesson_paths(course):
            complete, content = text.with_suffix(".ipynb"), json_of(read_lesson(text))
            yield complete, content
            copy = Path(scratch, complete.relative_to(course))
            shutil.copytree(text.parent, copy.parent, ignore=without_leftovers)
            copy.write_text(content, encoding="utf-8")
            for released in release_notebooks(Path(scratch), text.parent.name, register=False, own=own):
                yield course / released.relative_to(scratch), released.read_text(encoding="utf-8")


def _same(path: Path, content: str) -> bool:
    return path.exists() and path.read_text(encoding="utf-8", errors="replace") == content
