"""nbgrader's preprocessors as plain steps: made and configured once a run, called for each notebook."""

from collections.abc import Iterable
from typing import Any

from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode
from nbgrader.preprocessors import (
    CheckCellMetadata,
    ClearOutput,
    DeduplicateIds,
    Execute,
    OverwriteCells,
    OverwriteKernelspec,
)

from autograde.course.convert import step_classes
from autograde.course.course import Course, Submission, log

# They run cells, or do again what `sanitize.restore` did a moment ago, at the price of 20 queries a notebook.
NEEDLESS = (
    Execute,
    ClearOutput,
    DeduplicateIds,
    OverwriteKernelspec,
    OverwriteCells,
    CheckCellMetadata,
)


def make_steps(course: Course, configured: Iterable[type[Preprocessor] | str]) -> list[Preprocessor]:
    """Instances of preprocessor classes (or their dotted names), configured, without needless ones."""
    classes = [step for step in step_classes(configured) if not issubclass(step, NEEDLESS)]
    steps = [step(config=course.config, log=log) for step in classes]
    return [step for step in steps if step.enabled]


def resources_of(course: Course, submission: Submission, notebook: str) -> dict[str, Any]:
    """What nbgrader's converters hand to their preprocessors."""
    return {
        "unique_key": notebook,
        "nbgrader": {
            "student": submission.student,
            "assignment": submission.assignment,
            "notebook": notebook,
            "db_url": course.directory.db_url,
        },
    }


def apply_steps(steps: list[Preprocessor], notebook: NotebookNode, resources: dict[str, Any]) -> NotebookNode:
    """The notebook after all steps."""
    for step in steps:
        notebook, resources = step(notebook, resources)
    return notebook
