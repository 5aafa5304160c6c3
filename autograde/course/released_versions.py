"""The answer key, and beside each of its notebooks what students were handed out of it.

A release keeps its versions (`autograde.course.versions`). What the gradebook holds now counts as one
more: the course's own release steps make of it what they would hand out, hidden tests and mark schemes taken
out.
"""

from dataclasses import replace

from nbformat import NotebookNode, from_dict
from nbgrader.converters import GenerateAssignment
from nbgrader.preprocessors import SaveCells

from autograde.course.answer_key import AnswerKey, KeyNotebook, read_key
from autograde.course.assignments import Seal
from autograde.course.convert import require_python, step_classes
from autograde.course.course import Course, Submission
from autograde.course.gradebook import SharedGradebook
from autograde.course.nbgrader_preprocessors import apply_steps, make_steps, resources_of
from autograde.course.versions import RememberRelease, Version, read_versions, released_cells
from autograde.errors import UsageError

OURS = (Seal, RememberRelease)


def read_released(course: Course, gradebook: SharedGradebook, assignment: str) -> AnswerKey:
    """The answer key of a registered assignment with the versions that students may hold.

    Raises:
        MissingEntry: the gradebook does not know the assignment.
        UsageError: it has no notebook, one that is not Python, or what was handed out cannot be found out.
    """
    key = read_key(gradebook, assignment)
    for name, notebook in key.notebooks.items():
        require_python(f"{name}.ipynb", notebook.kernelspec)
    stored = read_versions(gradebook, assignment)
    gradebook.db.rollback()
    notebooks = {
        name: _with_versions(course, assignment, notebook, stored.get(name, ()))
        for name, notebook in key.notebooks.items()
    }
    return replace(key, notebooks=notebooks)


def _with_versions(
    course: Course, assignment: str, notebook: KeyNotebook, stored: tuple[Version, ...]
) -> KeyNotebook:
    try:
        versions = (_as_released_now(course, assignment, notebook), *stored)
    except Exception as error:  # a release step of the course's own may fail in any way
        if not stored:
            raise UsageError(
                f"what students were given of {assignment!r} cannot be found out: a release step of "
                f"the course fails on {notebook.name}.ipynb as the gradebook has it ({error}). Mend "
                f"it in nbgrader_config.py, or release again: autograde release {assignment}"
            ) from error
        versions = stored
    newest = [cell.grade_id for cell in versions[-1]]
    places = {grade_id: index for index, grade_id in enumerate(newest)}
    order = sorted(notebook.cells, key=lambda grade_id: places.get(grade_id, len(places)))
    return replace(notebook, cells={name: notebook.cells[name] for name in order}, versions=versions)


def _as_released_now(course: Course, assignment: str, key: KeyNotebook) -> Version:
    """The gradebook's cells after the steps that follow nbgrader's SaveCells in the course's release."""
    converter = GenerateAssignment(coursedir=course.directory, config=course.config)
    classes = step_classes(converter.preprocessors)
    saved = [index for index, step in enumerate(classes) if issubclass(step, SaveCells)]
    after = classes[saved[-1] + 1 :] if saved else []
    steps = make_steps(course, [step for step in after if not issubclass(step, OURS)])
    # As nbformat's new_notebook makes one, which would load a validator first.
    notebook = NotebookNode(
        nbformat=4,
        nbformat_minor=5,
        metadata=from_dict({"kernelspec": key.kernelspec}),
        cells=[cell.as_cell(f"cell-{index}") for index, cell in enumerate(key.cells.values())],
    )
    of_everybody = Submission(".", assignment, course.source(assignment))
    return released_cells(apply_steps(steps, notebook, resources_of(course, of_everybody, key.name)))
