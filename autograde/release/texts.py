"""Lessons as text: Jupytext Markdown, the source of a notebook."""

import re
from contextlib import suppress
from pathlib import Path

from nbformat import NotebookNode, from_dict, reads, writes

from autograde.entries.answer_key import grade_id_of, named_pictures, read_notebook
from autograde.errors import UsageError

MARKDOWN = "md:markdown"
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
# What the header of a lesson's text keeps; versions of tools would make it drift.
KEPT_METADATA = "kernelspec,-all"


def read_lesson(path: Path) -> NotebookNode:
    """The notebook of a lesson's text, with or without the mark that Windows puts before UTF-8.

    A text holds no picture: those pasted into the notebook next to it stay with their cells.

    Raises:
        UsageError: it is empty, not UTF-8, or its header no YAML.
    """
    try:
        text = path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(f"{path} is not UTF-8: save it as UTF-8 in your editor") from error
    if not text.strip():
        raise UsageError(f"{path} is empty: put its text back, or take the file away")
    try:
        notebook = notebook_of(text)
    except Exception as error:  # of whatever Jupytext reads it with
        reason = " ".join(str(error).split())
        raise UsageError(f"{path} cannot be read as a lesson: {reason}") from error
    if "attachment:" in text:
        with suppress(Exception):  # not there, or unreadable: nothing in it to be lost
            _add_pictures(notebook, read_notebook(path.with_suffix(".ipynb")))
    return notebook


def _add_pictures(notebook: NotebookNode, beside: NotebookNode) -> None:
    from jupytext.combine import map_outputs_to_inputs

    places = map_outputs_to_inputs(notebook.cells, beside.cells)
    for cell, place in zip(notebook.cells, places, strict=True):
        if place is not None and (pictures := named_pictures({**beside.cells[place], "source": cell.source})):
            cell["attachments"] = pictures


def notebook_of(text: str) -> NotebookNode:
    """The notebook of a lesson's text, with the same cell ids every time: grade_ids, or places."""
    import jupytext  # and Jupyter's server with it: of a command only where a lesson is a text

    notebook = jupytext.reads(text, fmt=MARKDOWN)
    notebook.metadata = {"kernelspec": notebook.metadata.get("kernelspec", KERNEL)}
    for index, cell in enumerate(notebook.cells):
        grade_id = grade_id_of(cell) or ""
        cell.id = grade_id if re.fullmatch(r"[A-Za-z0-9_-]{1,64}", grade_id) else f"cell-{index:03d}"
    return notebook


def text_of(notebook: NotebookNode) -> str:
    """The text of a notebook: `text_of(notebook_of(text)) == text`.

    Outputs are left out; the header holds the kernel and nothing else.
    """
    import jupytext

    plain = from_dict(notebook)
    plain.metadata = {
        "kernelspec": notebook.metadata.get("kernelspec", {}),
        "jupytext": {
            "notebook_metadata_filter": KEPT_METADATA,
            "cell_metadata_filter": "nbgrader,tags,jupyter,-all",
        },
    }
    return jupytext.writes(plain, fmt=MARKDOWN)


def json_of(notebook: NotebookNode) -> str:
    """The file's text, as nbformat writes it."""
    return writes(notebook, version=4) + "\n"


def says_the_same(notebook: NotebookNode, text: Path) -> bool:
    """Whether a notebook is what its text gives."""
    # By way of JSON: a text may have the keys of its metadata in any order.
    one, other = (reads(json_of(each), as_version=4) for each in (notebook, read_lesson(text)))
    return text_of(one) == text_of(other)
