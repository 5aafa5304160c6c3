"""nbgrader's own conversion of an assignment's notebooks, and what it could not take."""

import logging.handlers
import re
from collections.abc import Iterable, Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

from nbgrader import converters, coursedir, preprocessors
from traitlets.config import Config

from autograde.book.release_steps import RememberRelease
from autograde.course import assignments, nbgrader_steps
from autograde.entries import answer_key
from autograde.errors import UsageError
from autograde.release import steps

MOST_COMPLAINTS = 10_000  # of nbgrader in one conversion: kept, and not printed
NO_REASON = "There was an error processing"  # what nbgrader says before the stack that says why
EXCEPTION_LINE = re.compile(r"[\w.]+: ")  # of a stack's lines the one that says what was raised
LAST_STEPS = nbgrader_steps.step_classes(assignments.LAST_STEPS)
GRADEBOOK_STEPS = (preprocessors.SaveCells, RememberRelease)  # of the gradebook


def convert(root: Path, settings: Config, assignment: str, scratch: Path, register: bool = True) -> Path:
    """Makes what students get of the assignment in `scratch`; returns its folder there.

    Args:
        settings: the course's settings.
        register: whether the gradebook learns of it.

    Raises:
        UsageError: nbgrader's own refusal.
    """
    config = deepcopy(settings)
    directory, generate = config.CourseDirectory, config.GenerateAssignment
    directory.root = str(root.resolve())
    directory.assignment_id = assignment
    directory.release_directory = str(scratch.resolve())
    generate.force, generate.no_database = True, not register
    every = [
        step for step in nbgrader_steps.step_classes(generate.preprocessors) if step not in LAST_STEPS
    ] + LAST_STEPS
    without = () if register else GRADEBOOK_STEPS
    generate.preprocessors = [step for step in every if not issubclass(step, without)]
    complaints = logging.handlers.BufferingHandler(MOST_COMPLAINTS)
    converter = converters.GenerateAssignment(
        coursedir=coursedir.CourseDirectory(config=config), config=config
    )
    converter.log = logging.Logger("descentlab.release", logging.ERROR)
    converter.log.addHandler(complaints)
    try:
        converter.start()
    except (converters.NbGraderException, RuntimeError, ValueError, SystemExit) as problem:
        reason = _first_reason(complaints.buffer) or str(problem)
        raise UsageError(f"{root / assignments.SOURCE / assignment}: {reason}") from None
    return scratch / assignment


def require_sound(path: Path) -> None:
    """Raise UsageError where a notebook cannot be read, is not Python, or its points are not consistent."""
    try:
        notebook = answer_key.read_notebook(path)
        require_python(path.name, notebook.metadata.get("kernelspec", {}))
        steps.require_metadata(notebook)
        steps.require_points(notebook)
    except answer_key.CheckCellError as problem:
        raise UsageError(f"{path}: {problem}") from None
    except UsageError:
        raise
    except Exception as problem:
        raise UsageError(f"{path} is not a notebook that can be read ({type(problem).__name__})") from None


def require_python(name: str, kernelspec: Mapping[str, Any]) -> None:
    """Raise UsageError where a notebook is of another language: the sandbox would run it as Python."""
    kernel = str(kernelspec.get("language") or kernelspec.get("name") or "python")
    if "py" not in kernel.lower():
        raise UsageError(
            f"{name} is for the kernel {kernel!r}, and only Python notebooks can be released and graded here"
        )


def _first_reason(complaints: Iterable[logging.LogRecord]) -> str:
    """Of nbgrader's error lines the first that says what was raised, else the first that says anything."""
    first_lines, raised = [], []
    for complaint in complaints:
        lines = complaint.getMessage().strip().splitlines()
        said = [line for line in lines if EXCEPTION_LINE.match(line)]
        if said and lines[0].startswith("Traceback"):
            raised.append(said[-1].removeprefix("RuntimeError: "))
        first_lines.append(lines[0])
    reasons = [line for line in first_lines if not line.startswith(NO_REASON)]
    return next(iter(raised or reasons or first_lines), "")
