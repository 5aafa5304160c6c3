"""Why an ordinary test gave less than all points: the errors that its notebook ended with, in a line each."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import nbformat

from autograde.grading.answer_key import AnswerKey
from autograde.grading.course import Course
from autograde.grading.results import CellScore
from autograde.grading.run_cells import grade_id_of
from autograde.untrusted.names import printable
from descentlab.sentences import say

LONGEST = 200  # characters of an error


def errors_behind(course: Course, student: str, key: AnswerKey, test: CellScore) -> Iterator[str]:
    """The test's own error, the notebook's first one where that is another, and where all of them stand."""
    path = course.folder("autograded", student, key.assignment) / f"{test.notebook}.ipynb"
    errors, grade_id = _errors(path), test.grade_id
    if grade_id in errors:
        yield say("it ended with {error}", error=errors[grade_id])
    first = next(iter(errors.values()), None)
    if first is not None and next(iter(errors)) != grade_id:
        yield say("the notebook's first error: {error}", error=first)
    if path.is_file():
        yield say("what it printed stands in {file}", file=path.relative_to(course.root))


def _errors(path: Path) -> dict[str | None, str]:
    """Cells' errors by grade_id, the first of each, in the notebook's order; none where it cannot be read."""
    try:
        cells = nbformat.read(path, as_version=4).cells
    except (OSError, ValueError, nbformat.reader.NotJSONError):
        return {}
    errors: dict[str | None, str] = {}
    for cell in cells:
        for output in cell.get("outputs", ()):
            if output.output_type == "error":
                words = f"{output.ename}: {output.evalue}".splitlines()[0][:LONGEST]
                errors.setdefault(grade_id_of(cell), printable(words.rstrip(": ")))
    return errors
