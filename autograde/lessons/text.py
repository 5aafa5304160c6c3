"""A lesson's text (Jupytext Markdown) and the same lesson as a notebook."""

from __future__ import annotations

import re

import nbformat
from nbformat import NotebookNode

from autograde.assignments.points import print_points, without_printed_points

MARKDOWN = "md:markdown"
# What the header of a lesson's text keeps; versions of tools would make it drift.
KEPT_METADATA = "kernelspec,-all"


def notebook_of(text: str) -> NotebookNode:
    """The notebook a lesson's text stands for: the same cell ids every time, points in checks' calls."""
    import jupytext  # and Jupyter's server with it: of a command only where a lesson is a text

    notebook = jupytext.reads(text, fmt=MARKDOWN)
    print_points(notebook)
    notebook.metadata = {"kernelspec": notebook.metadata.get("kernelspec", {})}
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
