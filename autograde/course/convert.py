"""nbgrader's own conversion of an assignment's notebooks: for students, for the gradebook, or for both."""

import logging
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from copy import deepcopy
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.preprocessors import Preprocessor
from nbgrader.converters import GenerateAssignment
from nbgrader.converters.base import NbGraderException
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config
from traitlets.utils.importstring import import_item

from autograde.course.assignments import LAST, SOURCE, WRITERS, LessonError
from autograde.course.points import MisprintedPointsError, require_equal_points
from autograde.errors import MachineError, UsageError, what_failed

NO_REASON = "There was an error processing"  # what nbgrader says before the stack that says why
RAISED = re.compile(r"[\w.]+: ")  # of a stack's lines the one that says what was raised


def convert(root: Path, own: Config, assignment: str, scratch: Path, register: bool = True) -> Path:
    """Makes what students get of the assignment in `scratch`; returns its folder there.

    Args:
        own: the course's settings.
        register: whether the gradebook learns of it.

    Raises:
        LessonError: nbgrader's own refusal.
    """
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
def as_lesson_error() -> Iterator[None]:
    """What the machine or the course refuses, as LessonError."""
    try:
        yield
    except OSError as problem:
        raise LessonError(what_failed(problem)) from None
    except (UsageError, MachineError) as problem:
        raise LessonError(str(problem)) from None


def require_sound(path: Path) -> None:
    """Raise LessonError where a notebook cannot be read, is not Python, or its points are not consistent."""
    try:
        notebook = nbformat.read(path, as_version=4)
        require_python(path.name, notebook.metadata.get("kernelspec", {}))
        require_equal_points(notebook)
    except LessonError:
        raise
    except MisprintedPointsError as problem:
        raise LessonError(f"{path}: {problem}") from None
    except Exception as problem:
        raise LessonError(f"{path} is not a notebook that can be read ({type(problem).__name__})") from None


def require_python(name: str, kernelspec: Mapping[str, Any]) -> None:
    """Raise LessonError where a notebook is of another language: the sandbox would run it as Python."""
    kernel = str(kernelspec.get("language") or kernelspec.get("name") or "python")
    if "py" not in kernel.lower():
        raise LessonError(
            f"{name} is for the kernel {kernel!r}, and only Python notebooks can be released and graded here"
        )


def step_classes(configured: Iterable[type[Preprocessor] | str]) -> list[type[Preprocessor]]:
    """Preprocessors' classes, of which a configuration may give the dotted names."""
    return [import_item(step) if isinstance(step, str) else step for step in configured]


def _steps(configured: list[type[Preprocessor] | str], register: bool) -> list[type[Preprocessor]]:
    """The steps of a release as the course has them, ours last; where no gradebook is touched, no writers."""
    steps = [step for step in step_classes(configured) if step not in LAST] + LAST
    return steps if register else [step for step in steps if not issubclass(step, WRITERS)]


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
        reasons = [line for line in self.lines if not line.startswith(NO_REASON)]
        return next(iter(reasons or self.lines), "")
