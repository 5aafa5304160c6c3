"""Lessons and assignments from their sources to what students get.

A release makes the notebooks that students get, never of a stale one, and puts them into the course's release folder.
"""

import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import nbformat
import typer
from traitlets.config import Config

from autograde.book import releases
from autograde.book.gradebook import opened_gradebook
from autograde.course.assignments import (
    RELEASE,
    SOURCE,
    assignments,
    course_settings,
    is_text,
    lesson_paths,
    notebooks_in,
    without_leftovers,
)
from autograde.course.course import Course, only_grader
from autograde.entries.answer_key import grade_id_of, read_notebook
from autograde.errors import UsageError
from autograde.files import put
from autograde.release import conversion, keys, steps
from autograde.release.texts import json_of, read_lesson, says_the_same
from autograde.scratch import scratch_folder
from autograde.untrusted.names import printable, shell_word

SECTION_NUMBER = re.compile(r"^## (\d+) ", re.MULTILINE)
PATTERN_SIGNS = "+*?()[]{}|^$\\"  # of regular expressions and of file names


FORCE = "autograde notebooks --force"
Opening = Callable[[Path, str], dict[str, list[nbformat.NotebookNode]]]
"""Gives the outputs of the opening cells of an assignment's notebooks, by the notebooks' names."""


def update_notebook(text: Path, force: bool = False) -> Path | None:
    """Make a lesson's notebook from its text, where it is another; its path, if it was written.

    Raises:
        UsageError: the notebook was edited later than its text, and `force` is not given.
    """
    notebook = text.with_suffix(".ipynb")
    made = json_of(read_lesson(text))
    if _same(notebook, made):
        return None
    if not force:
        _require_older(notebook, text)
    put(notebook, made.encode())
    return notebook


def update_notebooks(folder: Path) -> list[tuple[Path, Path]]:
    """Bring up the notebook of each lesson's text in a folder: those written, each with its text.

    Raises:
        UsageError: as `update_notebook`.
    """
    texts = sorted(filter(is_text, folder.glob("*.md")))
    return [(made, text) for text in texts if (made := update_notebook(text)) is not None]


def _require_older(notebook: Path, text: Path) -> None:
    """A notebook edited in JupyterLab after its text must not be lost."""
    if not notebook.exists() or notebook.stat().st_mtime <= text.stat().st_mtime + 1:
        return
    try:
        edited = not says_the_same(read_notebook(notebook), text)
    except Exception:  # unreadable: nothing in it to be lost
        edited = False
    if edited:
        raise UsageError(
            f"{shell_word(notebook)} was edited later than {text.name}: run `jupytext --sync "
            f"{shell_word(notebook)}` to keep the edit, or `{FORCE}` to drop it"
        )


def release_notebooks(
    course: Path,
    assignment: str,
    *,
    force: bool = False,
    settings: Config | None = None,
    trial: Callable[[Path, str], releases.Trial] | None = None,
) -> list[Path]:
    """Makes `notebooks/ASSIGNMENT` from `solutions/ASSIGNMENT` and registers it in a gradebook.

    The gradebook is the course's own `gradebook.db`, or the one that its nbgrader_config.py names. Returns the
    notebooks' paths.

    Args:
        settings: the settings where `course` is a copy of the one that has them: no gradebook is touched, and the files
            are the same.
        trial: runs the solution in the sandbox first, and refuses it; gives the notebooks' first pictures.

    Raises:
        UsageError: nothing there, a notebook that its text has outgrown,
            a check cell whose points are not its metadata's, a released notebook
            somebody worked in (unless `force`), a solution that does not pass, or nbgrader's own refusal.
    """
    target = course / RELEASE / assignment
    _require_sound_notebooks(course, assignment)
    if not force:
        for path in notebooks_in(target):
            if not steps.untouched(path):
                raise UsageError(
                    f"{path} differs from what was released: somebody worked in it. Move it away, or use "
                    "--force to overwrite it"
                )
    tried = trial(course, assignment) if trial else releases.Trial()
    for line in tried.lines:
        typer.echo(line)
    with scratch_folder(course / RELEASE, ".release-") as scratch:
        if settings is None:
            opened = Course.open(course)
            with only_grader(opened), opened_gradebook(opened) as gradebook:
                converted = keys.convert_and_register(opened, gradebook, assignment, scratch, tried)
            _name_leftovers(converted, target)
        else:
            converted = conversion.convert(course, settings, assignment, scratch, register=False)
        paths = notebooks_in(converted)
        for path in paths:
            _open_with(path, tried.pictures.get(path.stem, []))
        _put(converted, target)
    return [target / path.name for path in paths]


def _open_with(path: Path, picture: list[nbformat.NotebookNode]) -> bool:
    """Put the picture into the released notebook at `path`; whether there is one."""
    if picture:
        notebook = read_notebook(path)
        steps.open_with(notebook, picture)
        put(path, json_of(notebook).encode())
    return bool(picture)


def _require_sound_notebooks(course: Path, assignment: str) -> None:
    """Refuse an assignment without the teacher's notebooks, or with one that cannot be released.

    Raises:
        UsageError: there is none, or one is not sound.
    """
    source = course / SOURCE / assignment
    notebooks = notebooks_in(source)
    for name in (assignment, *(path.stem for path in notebooks)):
        if odd := "".join(sorted({*name} & {*PATTERN_SIGNS})):
            raise UsageError(
                f"{name!r} cannot be the name of an assignment or its notebook: nbgrader takes {odd} for a pattern. "
                f"Rename solutions/{assignment} and the notebook in it"
            )
    if not notebooks:
        known = ", ".join(assignments(course)) or "–"
        raise UsageError(
            f"no notebook in {source}; assignments in {course / SOURCE}: {known}. Another course: "
            "--course-dir"
        )
    same: dict[frozenset[str | None], str] = {}
    for path in notebooks:
        conversion.require_sound(path)
        cells = read_notebook(path).cells
        first = same.setdefault(frozenset(map(grade_id_of, cells)), path.name)
        if first != path.name and any(map(grade_id_of, cells)):
            typer.echo(
                f"{first} and {path.name} have the same graded cells, and students get both: is one a copy?",
                err=True,
            )
        text = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
        numbers = list(map(int, SECTION_NUMBER.findall(text)))
        if numbers and numbers != list(range(numbers[0], numbers[0] + len(numbers))):
            run = ", ".join(map(str, numbers))
            typer.echo(f"{path.name}: its sections run {run}. Renumber them where that confuses", err=True)


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


def build(course: Path, force: bool = False, opening: Opening | None = None) -> Iterator[Path]:
    """Writes both notebooks of each lesson that are not up to date; yields the paths that were written.

    Args:
        opening: gives the first pictures of an assignment's notebooks.

    Raises:
        UsageError: somebody's work would be lost: a solution's notebook edited later than its text, or a
            released notebook somebody worked in; a configuration that cannot be read.
    """
    for text in lesson_paths(course):
        if (notebook := update_notebook(text, force)) is not None:
            yield notebook
    for path, content in _as_texts_give(course):
        written = not _same(path, content)
        if written:
            if path.exists() and not force and not steps.untouched(path):
                raise UsageError(f"{path}: somebody worked in it; move it away, or drop it with `{FORCE}`")
            put(path, content.encode())
        if opening and path.parent.parent == course / RELEASE:
            cell = steps.opening_cell(read_notebook(path))
            if cell is not None and not cell.outputs:
                written |= _open_with(path, opening(course, path.parent.name).get(path.stem, []))
        if written:
            yield path


def _as_texts_give(course: Path) -> Iterator[tuple[Path, str]]:
    """The complete and the released notebooks of every lesson, made in a copy by the course's settings."""
    settings = course_settings(course)
    with tempfile.TemporaryDirectory() as scratch:
        for text in lesson_paths(course):
            complete, content = text.with_suffix(".ipynb"), json_of(read_lesson(text))
            yield complete, content
            copy = Path(scratch, complete.relative_to(course))
            shutil.copytree(text.parent, copy.parent, ignore=without_leftovers)
            copy.write_text(content, "utf-8")
            for released in release_notebooks(Path(scratch), text.parent.name, settings=settings):
                yield course / released.relative_to(scratch), released.read_text("utf-8")


def _same(path: Path, content: str) -> bool:
    """Whether a notebook is there with this text, whatever its first picture."""
    if not path.exists():
        return False
    there = path.read_text("utf-8", errors="replace")
    if there == content:
        return True
    try:
        notebook = nbformat.reads(there, as_version=4)
        if not steps.is_as_sealed(notebook):
            return False
    except Exception:  # unreadable
        return False
    steps.open_with(notebook, [])
    return json_of(notebook) == content
