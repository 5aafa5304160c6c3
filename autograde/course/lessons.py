"""Notebooks of lessons' texts: a release never hands out a stale one."""

from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor

from autograde.course.assignments import SOURCE, LessonError, assignments, is_text, notebooks_in
from autograde.course.convert import require_sound
from autograde.course.lesson_text import json_of, read_lesson, read_text, text_of
from autograde.files import put
from autograde.untrusted.names import shell_word

FORCE = "autograde notebooks --force"


class RequireCurrent(NbGraderPreprocessor):
    """A step of every release, formgrader's button too: refuses a notebook that its text has outgrown."""

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        metadata = resources.get("metadata", {})
        text = Path(metadata.get("path") or ".") / f"{metadata.get('name')}.md"
        if is_text(text) and not _says_the_same(nb, text):
            raise _stale(text)
        return nb, resources


def require_current(notebook: Path) -> None:
    """Refuse a notebook that is not what its text says.

    Raises:
        LessonError: naming the command that brings it up.
    """
    text = notebook.with_suffix(".md")
    if is_text(text) and not _says_the_same(nbformat.read(notebook, as_version=4), text):
        raise _stale(text)


def update_notebook(text: Path, force: bool = False) -> Path | None:
    """Make a lesson's notebook from its text, where it is another; its path, if it was written.

    Raises:
        LessonError: the notebook was edited later than its text, and `force` is not given.
    """
    notebook = text.with_suffix(".ipynb")
    right, content = read_lesson(text)
    made = json_of(content)
    is_current = notebook.exists() and notebook.read_text(encoding="utf-8", errors="replace") == made
    if not (is_current or force):
        _require_older(notebook, text)
    if right != read_text(text):
        put(text, right.encode())
    if is_current:
        return None
    put(notebook, made.encode())
    return notebook


def update_notebooks(folder: Path) -> list[tuple[Path, Path]]:
    """Bring up the notebook of each lesson's text in a folder: those written, each with its text.

    Raises:
        LessonError: as `update_notebook`.
    """
    texts = sorted(filter(is_text, folder.glob("*.md")))
    return [(made, text) for text in texts if (made := update_notebook(text)) is not None]


def complete_notebook(course_dir: Path, assignment: str) -> NotebookNode:
    """The assignment's first notebook with its answers, regenerated if its text is newer.

    Raises:
        LessonError: there is none, or it cannot be read.
    """
    folder = course_dir / SOURCE / assignment
    update_notebooks(folder)
    notebooks = notebooks_in(folder)
    if not notebooks:
        known = ", ".join(assignments(course_dir)) or "none"
        raise LessonError(f"no notebook in {folder}; assignments there: {known}")
    require_sound(notebooks[0])
    return nbformat.read(notebooks[0], as_version=4)


def is_outgrown(text: Path) -> bool:
    """Whether a lesson's text says something else than its notebook; also where one cannot be read."""
    try:
        return not _says_the_same(nbformat.read(text.with_suffix(".ipynb"), as_version=4), text)
    except Exception:  # release says what is wrong with it
        return True


def _says_the_same(notebook: NotebookNode, text: Path) -> bool:
    return text_of(notebook) == text_of(read_lesson(text)[1])


def _require_older(notebook: Path, text: Path) -> None:
    """A notebook edited in JupyterLab after its text must not be lost."""
    if not notebook.exists() or notebook.stat().st_mtime <= text.stat().st_mtime + 1:
        return
    try:
        edited = not _says_the_same(nbformat.read(notebook, as_version=4), text)
    except Exception:  # unreadable: nothing in it to be lost
        edited = False
    if edited:
        raise LessonError(
            f"{shell_word(notebook)} was edited later than {text.name}: run `jupytext --sync "
            f"{shell_word(notebook)}` to keep the edit, or `{FORCE}` to drop it"
        )


def _stale(text: Path) -> LessonError:
    return LessonError(
        f"{text.with_suffix('.ipynb')} is not what {text.name} says, and would hand out an "
        f"old lesson: `autograde release {text.parent.name}` makes it anew"
    )
