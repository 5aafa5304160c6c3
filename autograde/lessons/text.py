"""A lesson's text (Jupytext Markdown) and the same lesson as a notebook."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograde.assignments.points import print_points, without_printed_points
from autograde.assignments.settings import LessonError

MARKDOWN = "md:markdown"
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
# What the header of a lesson's text keeps; versions of tools would make it drift.
KEPT_METADATA = "kernelspec,-all"


def read_text(path: Path) -> str:
    """A lesson's text from its file, with or without the mark that Windows puts before UTF-8.

    Raises:
        LessonError: it is not UTF-8.
    """
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise LessonError.say("{file} is not UTF-8: save it as UTF-8 in your editor", file=path) from error


def read_lesson(path: Path) -> tuple[str, NotebookNode]:
    """A lesson's text from its file, and its notebook.

    Raises:
        LessonError: it is empty, not UTF-8, or its header no YAML.
    """
    text = read_text(path)
    if not text.strip():
        raise LessonError.say("{file} is empty: put its text back, or take the file away", file=path)
    try:
        return text, notebook_of(text)
    except Exception as error:  # of whatever Jupytext reads it with
        reason = " ".join(str(error).split())
        raise LessonError.say(
            "{file} cannot be read as a lesson: {reason}", file=path, reason=reason
        ) from error


def notebook_of(text: str) -> NotebookNode:
    """The notebook a lesson's text stands for: the same cell ids every time, points in checks' calls."""
    import jupytext  # and Jupyter's server with it: of a command only where a lesson is a text

    notebook = jupytext.reads(text, fmt=MARKDOWN)
    print_points(notebook)
    notebook.metadata = {"kernelspec": notebook.metadata.get("kernelspec", KERNEL)}
    for index, cell in enumerate(notebook.cells):
        cell.id = stable_id(cell, index)
    return notebook


def text_of(notebook: NotebookNode) -> str:
    """The text of a notebook: `text_of(notebook_of(text)) == text`, where points stand in metadata alone.

    Outputs are left out; the header holds the kernel and nothing else.
    """
    import jupytext

    plain = without_printed_points(notebook)
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
    grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
    if grade_id and re.fullmatch(r"[A-Za-z0-9_-]{1,64}", grade_id):
        return grade_id
    return f"cell-{index:03d}"


def json_of(notebook: NotebookNode) -> str:
    """The file's text, as nbformat writes it."""
    return nbformat.writes(notebook, version=4) + "\n"
