"""nbgrader's preprocessors, taken one by one."""

from collections.abc import Iterable
from typing import Any

from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode
from nbgrader import preprocessors
from traitlets.utils.importstring import import_item

from autograde.course.course import Course, log

Resources = dict[str, Any]
"""What nbgrader's converter says of a notebook."""


def make_steps(course: Course, configured: Iterable[type[Preprocessor] | str]) -> list[Preprocessor]:
    """Instances of preprocessor classes (or their dotted names), configured, without needless ones."""
    classes = [step for step in step_classes(configured) if not issubclass(step, NEEDLESS_STEPS)]
    steps = [step(config=course.config, log=log) for step in classes]
    return [step for step in steps if step.enabled]


def apply_steps(steps: list[Preprocessor], notebook: NotebookNode, resources: Resources) -> NotebookNode:
    """The notebook after all steps."""
    for step in steps:
        notebook, resources = step(notebook, resources)
    return notebook


def resources_of(student: str, assignment: str, notebook: str, db_url: str = "") -> Resources:
    """What nbgrader's converters hand to their preprocessors; no `db_url` for steps that open no gradebook."""
    return {
        "unique_key": notebook,
        "nbgrader": {"student": student, "assignment": assignment, "notebook": notebook, "db_url": db_url},
    }


def step_classes(configured: Iterable[type[Preprocessor] | str]) -> list[type[Preprocessor]]:
    """Preprocessors' classes, of which a configuration may give the dotted names."""
    return [import_item(step) if isinstance(step, str) else step for step in configured]


# They run cells, or do again what the step `restore` did a moment ago, at the price of 20 queries a notebook.
NEEDLESS_STEPS = (
    preprocessors.Execute,
    preprocessors.ClearOutput,
    preprocessors.DeduplicateIds,
    preprocessors.OverwriteKernelspec,
    preprocessors.OverwriteCells,
    preprocessors.CheckCellMetadata,
)


class Step(preprocessors.NbGraderPreprocessor):
    """A step of a release that changes the notebook itself."""

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        self.change(nb, resources)
        return nb, resources

    def change(self, nb: NotebookNode, resources: Resources) -> None:
        """Change the notebook."""
