"""The notebook that students get: nbgrader's own conversion, with our stubs and a seal.

`settings()` is what a course's `nbgrader_config.py` loads too: formgrader's Generate button makes the
same file.
"""

from __future__ import annotations

import hashlib
import logging
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from copy import deepcopy
from pathlib import Path
from typing import TYPE_CHECKING

import nbformat
from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode
from nbgrader import preprocessors
from nbgrader.converters import GenerateAssignment
from nbgrader.converters.base import NbGraderException
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Dict, Unicode
from traitlets.config import Config
from traitlets.utils.importstring import import_item

from autograde.errors import MachineError, UsageError
from autograde.lessons.points import MisprintedPointsError, require_equal_points
from autograde.lessons.versions import RememberRelease

if TYPE_CHECKING:
    from autograde.grading.course import Course
    from autograde.grading.gradebook import SharedGradebook

SOURCE, RELEASE = "solutions", "notebooks"
STUB, ANSWER = "raise NotImplementedError  # your code here", "# your answer here"
NO_REASON = "There was an error processing"  # what nbgrader says before the stack that says why
RAISED = re.compile(r"[\w.]+: ")  # of a stack's lines the one that says what was raised
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


class LessonError(Exception):
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


class Seal(NbGraderPreprocessor):
    """Writes down what was released, so that a notebook somebody worked in is never overwritten."""

    def preprocess(self, nb, resources):
        nb.metadata["descentlab"] = {"released": digest(nb)}
        return nb, resources


LAST = [Seal, RememberRelease]  # after whatever steps a course adds
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
        *lesson_texts(source),
    ]
    config.GenerateAssignment.preprocessors = [
        ClearSolutions if step is preprocessors.ClearSolutions else step
        for step in GenerateAssignment.preprocessors.default_args[0]
    ] + LAST
    return config


def lesson_texts(source: Path | None) -> list[str]:
    """Names of the texts that stand beside a notebook of the same name in `source`'s folders."""
    found = notebooks_below(source) if source else ()
    return sorted({f"{path.stem}.md" for path in found})


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
    """The names of the assignments a course can release, in order."""
    return sorted({path.parent.name for path in notebooks_below(course / SOURCE)})


def release(course: Path, assignment: str, *, register: bool = True, force: bool = False) -> list[Path]:
    """Makes `notebooks/ASSIGNMENT` from `solutions/ASSIGNMENT` and registers it in a gradebook.

    The gradebook is the course's own `gradebook.db`, or the one that its nbgrader_config.py names; with
    `register` false none is touched, and the files are the same. Returns the notebooks' paths.

    Raises LessonError: nothing there, a check cell whose points are not its metadata's, a released
    notebook somebody worked in (unless `force`), or nbgrader's own refusal.
    """
    source, target = course / SOURCE / assignment, course / RELEASE / assignment
    notebooks = notebooks_in(source)
    if not notebooks:
        known = ", ".join(assignments(course)) or "none"
        raise LessonError(f"no notebook in {source}; assignments in {course / SOURCE}: {known}")
    for path in notebooks:
        _require_sound(path)
    if not force:
        _require_untouched(target)
    from autograde.scratch import scratch_folder  # of Linux; students load this file everywhere

    with _as_lesson_error(), scratch_folder(course / RELEASE, ".release-") as scratch:
        if register:
            with _course_at(course) as (found, gradebook):
                made = _register(found, gradebook, assignment, scratch)
        else:
            made = _convert(course, course_settings(course), assignment, scratch, register=False)
        _put(made, target)
    return notebooks_in(target)


def register(course: Course, gradebook: SharedGradebook, assignment: str) -> None:
    """Makes the assignment known to the gradebook without writing what students get. Raises LessonError."""
    from autograde.grading.lock import SCRATCH
    from autograde.scratch import scratch_folder

    for path in notebooks_in(course.root / SOURCE / assignment):
        _require_sound(path)
    with _as_lesson_error(), scratch_folder(course.private, SCRATCH) as scratch:
        _register(course, gradebook, assignment, scratch)


@contextmanager
def _course_at(root: Path) -> Iterator[tuple[Course, SharedGradebook]]:
    """The course and its gradebook, for nobody else meanwhile."""
    from autograde.grading.course import Course  # which reads this room's settings
    from autograde.grading.gradebook import open_gradebook
    from autograde.grading.lock import only_grader

    course = Course.open(root)
    with only_grader(course), closing(open_gradebook(course)) as gradebook:
        yield course, gradebook


def _register(course: Course, gradebook: SharedGradebook, assignment: str, scratch: Path) -> Path:
    """nbgrader commits cell by cell: a kill between two would leave an assignment with fewer points."""
    with gradebook.transaction(), gradebook.lent():
        return _convert(course.root, course.config, assignment, scratch)


def _require_sound(path: Path) -> None:
    try:
        require_equal_points(nbformat.read(path, as_version=4))
    except MisprintedPointsError as problem:
        raise LessonError(f"{path}: {problem}") from None
    except Exception as problem:
        raise LessonError(f"{path} is not a notebook that can be read ({type(problem).__name__})") from None


def _require_untouched(target: Path) -> None:
    for path in notebooks_in(target):
        if not untouched(path):
            raise LessonError(
                f"{path} differs from what was released: somebody worked in it. "
                "Move it away, or use --force to overwrite it"
            )


def _convert(root: Path, own: Config, assignment: str, scratch: Path, register: bool = True) -> Path:
    config = deepcopy(own)
    config.GenerateAssignment.no_database = not register
    config.GenerateAssignment.preprocessors = _steps(config.GenerateAssignment.preprocessors, register)
    config.CourseDirectory.root = str(root.resolve())
    config.CourseDirectory.assignment_id = assignment
    config.CourseDirectory.release_directory = str(scratch.resolve())
    config.GenerateAssignment.force = True
    complaints = _Complaints()
    converter = GenerateAssignment(coursedir=CourseDirectory(config=config), config=config)
    converter.log = complaints.log
    try:
        converter.start()
    except (NbGraderException, RuntimeError, ValueError, SystemExit) as problem:
        reason = complaints.first() or str(problem)
        raise LessonError(f"{root / SOURCE / assignment}: {reason}") from None
    return scratch / assignment


@contextmanager
def _as_lesson_error() -> Iterator[None]:
    try:
        yield
    except OSError as problem:
        raise LessonError(f"{problem.filename or 'the release'}: {problem.strerror}") from None
    except (UsageError, MachineError) as problem:
        raise LessonError(str(problem)) from None


def _steps(configured: list[type[Preprocessor] | str], register: bool) -> list[type[Preprocessor]]:
    """The steps of a release as the course has them, ours last; where no gradebook is touched, no writers."""
    steps = [import_item(step) if isinstance(step, str) else step for step in configured]
    steps = [step for step in steps if step not in LAST] + LAST
    return steps if register else [step for step in steps if not issubclass(step, WRITERS)]


def course_settings(course: Path) -> Config:
    """`settings()` for the course, then what its own nbgrader_config.py says.

    Raises LessonError: that file cannot be read.
    """
    config = settings(course / SOURCE)
    own = course / "nbgrader_config.py"
    if own.exists():
        from traitlets.config import PyFileConfigLoader

        try:
            config.merge(PyFileConfigLoader(own.name, path=str(course.resolve())).load_config())
        except (Exception, SystemExit) as problem:  # whatever the file does
            raise LessonError(f"{own}: cannot be read as a configuration: {problem!r}") from problem
    return config


def _put(made: Path, target: Path) -> None:
    """Moves the finished files into place one by one: an interrupted release leaves whole files only."""
    target.mkdir(parents=True, exist_ok=True)
    for path in sorted(made.rglob("*")):
        place = target / path.relative_to(made)
        if path.is_dir():
            place.mkdir(exist_ok=True)
        else:
            os.replace(path, place)


class _Complaints(logging.Handler):
    """Keeps nbgrader's error lines instead of printing them."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.lines: list[str] = []
        self.log = logging.Logger("descentlab.release", logging.WARNING)
        self.log.addHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        lines = record.getMessage().strip().splitlines()
        raised = [line for line in lines if RAISED.match(line)]
        self.lines.append(raised[-1] if raised and lines[0].startswith("Traceback") else lines[0])

    def first(self) -> str:
        said = [line for line in self.lines if not line.startswith(NO_REASON)]
        return next(iter(said or self.lines), "")
