"""nbgrader's preprocessors as plain steps: made and configured once a run, called for each notebook."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode
from nbgrader.preprocessors import (
    AssignLatePenalties,
    CheckCellMetadata,
    ClearOutput,
    DeduplicateIds,
    Execute,
    LimitOutput,
    NbGraderPreprocessor,
    OverwriteCells,
    OverwriteKernelspec,
    SaveAutoGrades,
)

from autograde.assignments.convert import step_classes
from autograde.grading.course import Course, Submission, log


class PipelineStep(NbGraderPreprocessor):
    """A step that `autograde grade` takes by itself and leaves out of nbgrader's lists."""


# They run cells, or do again what `sanitize.restore` did a moment ago, at the price of 20 queries a notebook.
NEEDLESS = (
    PipelineStep,
    Execute,
    ClearOutput,
    DeduplicateIds,
    OverwriteKernelspec,
    OverwriteCells,
    CheckCellMetadata,
)

# The cells that nbgrader's own steps do not pass by: to be shown all takes them a millisecond a lesson.
LOOKS_AT: dict[type[Preprocessor], Callable[[NotebookNode], bool]] = {
    LimitOutput: lambda cell: any(
        output["output_type"] in ("stream", "error") for output in cell.get("outputs", ())
    ),
    SaveAutoGrades: lambda cell: "nbgrader" in cell["metadata"],
    AssignLatePenalties: lambda cell: False,
}


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


def apply_steps(
    steps: list[Preprocessor],
    notebook: NotebookNode,
    resources: dict[str, Any],
    before: Callable[[Preprocessor], None] = lambda step: None,
) -> NotebookNode:
    """The notebook after all steps; `before` is called with each of them before it is taken."""
    for step in steps:
        before(step)
        looks_at = LOOKS_AT.get(type(step))
        if looks_at is None:
            notebook, resources = step(notebook, resources)
        else:  # what it changes, it changes in place
            cells = [cell for cell in notebook.cells if looks_at(cell)]
            _, resources = step(NotebookNode(notebook, cells=cells), resources)
    return notebook
