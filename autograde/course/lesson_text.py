"""A lesson's text (Jupytext Markdown) and the same lesson as a notebook."""

import re
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograde.course.assignments import LessonError
from autograde.course.points import print_points

MARKDOWN = "md:markdown"
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
# What the header of a lesson's text keeps; versions of tools would make it drift.
KEPT_METADATA = "kernelspec,-all"

# Words to read of a lesson: at most LIMIT.
LIMIT = 2000
HEADER = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
# Code, answers that the release does not have, folds, displayed formulas.
NOT_READ = re.compile(
    r"^```.*?^```\s*$|<!-- #region nbgrader=.*?<!-- #endregion -->|<details>.*?</details>|\$\$.*?\$\$",
    re.DOTALL | re.MULTILINE,
)
FORMULA = re.compile(r"\$[^$\n]+\$|`[^`\n]+`")
LINK = re.compile(r"\]\([^)\s]*\)")
WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")


def read_text(path: Path) -> str:
    """A lesson's text from its file, with or without the mark that Windows puts before UTF-8.

    Raises:
        LessonError: it is not UTF-8.
    """
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise LessonError(f"{path} is not UTF-8: save it as UTF-8 in your editor") from error


def read_lesson(path: Path) -> tuple[str, NotebookNode]:
    """A lesson's text from its file, with the points that its metadata state, and its notebook.

    Raises:
        LessonError: it is empty, not UTF-8, or its header no YAML.
    """
    text = read_text(path)
    if not text.strip():
        raise LessonError(f"{path} is empty: put its text back, or take the file away")
    try:
        return with_points(text)
    except Exception as error:  # of whatever Jupytext reads it with
        reason = " ".join(str(error).split())
        raise LessonError(f"{path} cannot be read as a lesson: {reason}") from error


def notebook_of(text: str) -> NotebookNode:
    """The notebook a lesson's text stands for: the same cell ids every time, points in checks' calls."""
    return with_points(text)[1]


def with_points(text: str) -> tuple[str, NotebookNode]:
    """A lesson's text with points printed where students read them, and its notebook.

    Both say the same: JupyterLab opens the notebook whichever of the two files is newer.
    """
    import jupytext  # and Jupyter's server with it: of a command only where a lesson is a text

    notebook = jupytext.reads(text, fmt=MARKDOWN)
    sources = [cell.source for cell in notebook.cells]
    print_points(notebook)
    at = 0
    for source, cell in zip(sources, notebook.cells, strict=True):
        if (start := text.find(source, at)) >= 0:
            text = text[:start] + cell.source + text[start + len(source) :]
            at = start + len(cell.source)
    notebook.metadata = {"kernelspec": notebook.metadata.get("kernelspec", KERNEL)}
    for index, cell in enumerate(notebook.cells):
        cell.id = stable_id(cell, index)
    return text, notebook


def text_of(notebook: NotebookNode) -> str:
    """The text of a notebook: `text_of(notebook_of(text)) == text`, where `text` has its points printed.

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
    grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
    if grade_id and re.fullmatch(r"[A-Za-z0-9_-]{1,64}", grade_id):
        return grade_id
    return f"cell-{index:03d}"


def json_of(notebook: NotebookNode) -> str:
    """The file's text, as nbformat writes it."""
    return nbformat.writes(notebook, version=4) + "\n"


def words_to_read(text: str) -> int:
    """The words of a lesson's text; a formula or a name in code within a sentence counts as one."""
    prose = NOT_READ.sub(" ", HEADER.sub("", text))
    return len(WORD.findall(LINK.sub("]", FORMULA.sub(" x ", prose))))
