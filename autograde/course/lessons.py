"""A lesson's text (Jupytext Markdown) and the same lesson as a notebook; a release never hands out a stale one."""

import re
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor

from autograde.course.assignments import SOURCE, assignments, is_text, notebooks_in
from autograde.course.conversion import require_sound
from autograde.course.release_steps import grade_id_of
from autograde.errors import UsageError
from autograde.files import put
from autograde.untrusted.names import shell_word

MARKDOWN = "md:markdown"
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
# What the header of a lesson's text keeps; versions of tools would make it drift.
KEPT_METADATA = "kernelspec,-all"


def read_lesson(path: Path) -> NotebookNode:
    """The notebook of a lesson's text, with or without the mark that Windows puts before UTF-8.

    Raises:
        UsageError: it is empty, not UTF-8, or its header no YAML.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(f"{path} is not UTF-8: save it as UTF-8 in your editor") from error
    if not text.strip():
        raise UsageError(f"{path} is empty: put its text back, or take the file away")
    try:
        return notebook_of(text)
    except Exception as error:  # of whatever Jupytext reads it with
        reason = " ".join(str(error).split())
        raise UsageError(f"{path} cannot be read as a lesson: {reason}") from error


def notebook_of(text: str) -> NotebookNode:
    """The notebook a lesson's text stands for, with the same cell ids every time."""
    import jupytext  # and Jupyter's server with it: of a command only where a lesson is a text

    notebook = jupytext.reads(text, fmt=MARKDOWN)
    notebook.metadata = {"kernelspec": notebook.metadata.get("kernelspec", KERNEL)}
    for index, cell in enumerate(notebook.cells):
        cell.id = stable_id(cell, index)
    return notebook


def text_of(notebook: NotebookNode) -> str:
    """The text of a notebook: `text_of(notebook_of(text)) == text`.

    Outputs are left out; the header holds the kernel and nothing else.
    """
    import jupytext

    plain = nbformat.from_dict(notebook)
    plain.metadata = {
        "kernelspec": notebook.metadata.get("kernelspec", {}),
        "jupytext": {
            "notebook_metadata_filter": KEPT_METADATA,
            "cell_metadata_filter": "nbgrader,tags,-all",
        },
    }
    return jupytext.writes(plain, fmt=MARKDOWN)


def stable_id(cell: NotebookNode, index: int) -> str:
    """A cell's id: its grade_id where it has one, else its place."""
    grade_id = grade_id_of(cell)
    if grade_id and re.fullmatch(r"[A-Za-z0-9_-]{1,64}", grade_id):
        return grade_id
    return f"cell-{index:03d}"


def json_of(notebook: NotebookNode) -> str:
    """The file's text, as nbformat writes it."""
    return nbformat.writes(notebook, version=4) + "\n"


FORCE = "autograde notebooks --force"


class RequireCurrent(NbGraderPreprocessor):
    """A step of every release, formgrader's button too: refuses a notebook that its text has outgrown."""

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        metadata = resources.get("metadata", {})
        _require_current(nb, Path(metadata.get("path") or ".") / f"{metadata.get('name')}.md")
        return nb, resources


def require_current(notebook: Path) -> None:
    """Refuse a notebook that is not what its text says.

    Raises:
        UsageError: naming the command that brings it up.
    """
    _require_current(nbformat.read(notebook, as_version=4), notebook.with_suffix(".md"))


def _require_current(notebook: NotebookNode, text: Path) -> None:
    if is_text(text) and not _says_the_same(notebook, text):
        raise UsageError(
            f"{text.with_suffix('.ipynb')} is not what {text.name} says, and would hand out an "
            f"old lesson: `autograde release {text.parent.name}` regenerates it"
        )


def update_notebook(text: Path, force: bool = False) -> Path | None:
    """Make a lesson's notebook from its text, where it is another; its path, if it was written.

    Raises:
        UsageError: the notebook was edited later than its text, and `force` is not given.
    """
    notebook = text.with_suffix(".ipynb")
    made = json_of(read_lesson(text))
    if notebook.exists() and notebook.read_text(encoding="utf-8", errors="replace") == made:
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


def complete_notebook(course_dir: Path, assignment: str) -> NotebookNode:
    """The assignment's first notebook with its answers, regenerated if its text is newer.

    Raises:
        UsageError: there is none, or it cannot be read.
    """
    folder = course_dir / SOURCE / assignment
    update_notebooks(folder)
    notebooks = notebooks_in(folder)
    if not notebooks:
        known = ", ".join(assignments(course_dir)) or "none"
        raise UsageError(f"no notebook in {folder}; assignments there: {known}")
    require_sound(notebooks[0])
    return nbformat.read(notebooks[0], as_version=4)


def is_outgrown(text: Path) -> bool:
    """Whether a lesson's text says something else than its notebook; also where one cannot be read."""
    try:
        return not _says_the_same(nbformat.read(text.with_suffix(".ipynb"), as_version=4), text)
    except Exception:  # release says what is wrong with it
        return True


def _says_the_same(notebook: NotebookNode, text: Path) -> bool:
    return text_of(notebook) == text_of(read_lesson(text))


def _require_older(notebook: Path, text: Path) -> None:
    """A notebook edited in JupyterLab after its text must not be lost."""
    if not notebook.exists() or notebook.stat().st_mtime <= text.stat().st_mtime + 1:
        return
    try:
        edited = not _says_the_same(nbformat.read(notebook, as_version=4), text)
    except Exception:  # unreadable: nothing in it to be lost
        edited = False
    if edited:
        raise UsageError(
            f"{shell_word(notebook)} was edited later than {text.name}: run `jupytext --sync "
            f"{shell_word(notebook)}` to keep the edit, or `{FORCE}` to drop it"
        )
