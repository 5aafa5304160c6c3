"""A course's assignments: where their notebooks lie, and the settings with which they are released.

`settings()` is what a course's `nbgrader_config.py` loads too: formgrader's Generate button makes the same
file.
"""

import hashlib
import re
import shutil
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell
from nbgrader import preprocessors
from nbgrader.converters import GenerateAssignment
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Dict, Unicode
from traitlets.config import Config

from autograde.course.points import PrintPoints
from autograde.course.versions import RememberRelease
from autograde.errors import UsageError

SOURCE, RELEASE = "solutions", "notebooks"
STUB, ANSWER = "raise NotImplementedError  # your code here", "# your answer here"
_MARK = "# descentlab: stub"
# What editors and file managers leave beside the files that a person opened; it may hold solutions.
LEFT_BY_EDITORS = (
    ".virtual_documents",
    "*~",
    ".*~",
    ".*.sw?",
    "*.swp",
    "#*#",
    ".#*",
    "*.bak",
    "*.orig",
    ".DS_Store",
    "._*",
    ".~*",
)


INSTALL_CELL = """\
# On Colab, Kaggle or a bare VS Code: remove the # below and run this cell once.
# {line}"""
INSTALL = "%pip install"
CELL_ID = "install"
_USES_THE_PACKAGE = re.compile(r"^\s*(?:from|import) descentlab\b", re.MULTILINE)


class LessonError(UsageError):
    """A lesson or a course folder that cannot be released; the text says what, where and what to do."""


class ClearSolutions(preprocessors.ClearSolutions):
    """A stub inside a function raises NotImplementedError; one at the top level keeps the line above it.

    A course that sets `c.ClearSolutions.code_stub` gets its own.
    """

    code_stub = Dict({**preprocessors.ClearSolutions.code_stub.default_args[0], "python": _MARK}).tag(
        config=True
    )
    text_stub = Unicode("*Your answer here.*").tag(config=True)

    def preprocess_cell(self, cell, resources, cell_index):
        cell, resources = super().preprocess_cell(cell, resources, cell_index)
        if cell.cell_type == "code":
            inside = re.compile(rf"^([ \t]+){re.escape(_MARK)}$", re.MULTILINE)
            cell.source = inside.sub(rf"\1{STUB}", cell.source).replace(_MARK, ANSWER)
        return cell, resources


class AddInstallCell(NbGraderPreprocessor):
    """A step of every release: adds a cell that installs descentlab below the title of a notebook that imports it.

    The course names the line (`c.AddInstallCell.line = "%pip install -q https://…"`); without one there is no
    cell, as the package is on no index. The cell has no nbgrader metadata, so grading ignores it. Its lines are
    comments: nothing is installed unasked, and Run All needs no network.
    """

    line = Unicode("", help="What installs descentlab, e.g. %pip install URL").tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        code = [cell.source for cell in nb.cells if cell.cell_type == "code"]
        uses = any(map(_USES_THE_PACKAGE.search, code)) and not any(INSTALL in source for source in code)
        if self.line and uses:
            titled = bool(nb.cells) and nb.cells[0].cell_type == "markdown"
            nb.cells.insert(int(titled), new_code_cell(INSTALL_CELL.format(line=self.line), id=CELL_ID))
        return nb, resources


class Seal(NbGraderPreprocessor):
    """Writes down what was released, so that a notebook somebody worked in is never overwritten."""

    def preprocess(self, nb, resources):
        nb.metadata["descentlab"] = {"released": digest(nb)}
        return nb, resources


CURRENT = "autograde.course.lessons.RequireCurrent"  # named: it reads texts, which a student's install cannot
LAST = [AddInstallCell, Seal, RememberRelease]  # after whatever steps a course adds
WRITERS = (preprocessors.SaveCells, RememberRelease)  # of the gradebook


def digest(notebook: NotebookNode) -> str:
    """SHA-256 (hex) of what a person can change: kinds, sources and outputs of the cells, in order."""
    parts = [(cell.cell_type, cell.source, bool(cell.get("outputs"))) for cell in notebook.cells]
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def untouched(path: Path) -> bool:
    """Whether the notebook at `path` is still exactly what was released."""
    try:
        notebook = nbformat.read(path, as_version=4)
        return notebook.metadata.get("descentlab", {}).get("released") == digest(notebook)
    except Exception:  # whatever it is, it is not what was released
        return False


def settings(source: Path | None = None) -> Config:
    """nbgrader's settings for a course laid out like this one.

    `source` is the folder of solutions: its lessons' texts hold the solutions too, so their names are
    added to what nbgrader leaves out of a release.
    """
    config = Config()
    config.CourseDirectory.source_directory = SOURCE
    config.CourseDirectory.release_directory = RELEASE
    config.CourseDirectory.ignore = [
        *CourseDirectory.ignore.default_args[0],
        *LEFT_BY_EDITORS,
        *lesson_text_names(source),
    ]
    config.GenerateAssignment.preprocessors = (
        [CURRENT, PrintPoints]
        + [
            ClearSolutions if step is preprocessors.ClearSolutions else step
            for step in GenerateAssignment.preprocessors.default_args[0]
        ]
        + LAST
    )
    return config


def lesson_text_names(source: Path | None) -> list[str]:
    """Names of the texts in `source`'s folders: lessons', and what has the name of a notebook there."""
    if source is None:
        return []
    of_notebooks = {f"{path.stem}.md" for path in notebooks_below(source)}
    return sorted(of_notebooks | {path.name for path in source.glob("[!.]*/*.md") if is_text(path)})


def is_text(path: Path) -> bool:
    """Whether a file is a lesson's text: `NN-rule/rule.md`, named like its folder without the number."""
    return path.is_file() and path.parent.name.partition("-")[2] == path.stem


def texts_edited_later(folder: Path) -> list[Path]:
    """The lessons' texts in a folder that were written after their notebooks."""
    texts = sorted(filter(is_text, folder.glob("*.md")))
    notebooks = [(text, text.with_suffix(".ipynb")) for text in texts]
    return [
        text for text, made in notebooks if made.is_file() and text.stat().st_mtime > made.stat().st_mtime
    ]


def notebooks_below(source: Path) -> list[Path]:
    """The notebooks of all assignments in a source folder, in order; no hidden folder is an assignment."""
    return [path for folder in sorted(source.glob("[!.]*/")) for path in notebooks_in(folder)]


def without_leftovers(folder: str, names: list[str]) -> set[str]:
    """For `shutil.copytree`: what JupyterLab and editors left there."""
    return shutil.ignore_patterns(*CourseDirectory.ignore.default_args[0], *LEFT_BY_EDITORS)(folder, names)


def notebooks_in(folder: Path) -> list[Path]:
    """An assignment's notebooks, in order; hidden files are none."""
    return sorted(folder.glob("[!.]*.ipynb"))


def assignments(course: Path) -> list[str]:
    """The names of the assignments a course can release, in order: a notebook or a lesson's text each."""
    source = course / SOURCE
    texts = filter(is_text, source.glob("[!.]*/*.md"))
    return sorted({path.parent.name for path in (*notebooks_below(source), *texts)})


def course_settings(course: Path) -> Config:
    """`settings()` for the course, then what its own nbgrader_config.py says.

    Raises:
        LessonError: that file cannot be read.
    """
    config = settings(course / SOURCE)
    own = course / "nbgrader_config.py"
    if own.exists():
        config.merge(read_configuration(own))
    return config


def read_configuration(file: Path) -> Config:
    """What a file of nbgrader's says.

    Raises:
        LessonError: it cannot be read.
    """
    from traitlets.config import PyFileConfigLoader

    try:
        return PyFileConfigLoader(file.name, path=str(file.parent.resolve())).load_config()
    except (Exception, SystemExit) as problem:  # whatever the file does
        raise LessonError(f"{file}: cannot be read as a configuration: {problem!r}") from problem
