"""Why a grade is what it is, as lines for a terminal."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat

from autograde.course import answer_key, submission_files
from autograde.course.course import Course
from autograde.course.gradebook import SharedGradebook
from autograde.course.results import GRADED, SUBMISSION_GONE, CellScore
from autograde.course.wording import (
    GONE_REMEDY,
    OWN_TEST,
    REVIEW_REMEDY,
    about_submission,
    error_of,
    lines_about,
    points,
    points_by_hand,
    safe,
    score_of,
)
from autograde.people.class_results import read_class
from verdicts.sentences import capital, check_sign

PRINTED_LINES = 20


def explain_grade(
    course: Course, gradebook: SharedGradebook, key: answer_key.AnswerKey, student: str
) -> Iterator[str]:
    """Lines with Rich's markup; everything a student wrote is escaped.

    Raises:
        CourseError: the evidence kept next to the autograded notebook cannot be read.
    """
    whole = read_class(course, gradebook, key)
    result = whole.every_result[student]
    yield f"[bold]{safe(student)}[/bold], {safe(key.assignment)}: {score_of(result.score, result.max_score)}"
    notes = result.notes if result.status == GRADED else ()
    lines = [*map(safe, (*about_submission(result), *notes))]
    gone = SUBMISSION_GONE in result.flags
    if gone or (
        result.status != GRADED and result.flags
    ):  # without, no file is to blame: handed in in two ways
        lines += map(safe, lines_about({GONE_REMEDY if gone else REVIEW_REMEDY: [student]}, key.assignment))
    yield from (f"  {line}" for line in lines)
    if result.status != GRADED:
        return
    folder = course.folder("autograded", whole.submitter(student), key.assignment)
    notebooks = () if result.self_reported else key.notebooks
    judged = {notebook: submission_files.read_evidence(folder, notebook)["checks"] for notebook in notebooks}
    for cell in result.cells:
        check = judged.get(cell.notebook, {}).get(cell.grade_id, {})
        lines = [*_about(cell), *_verdict(check)]
        if cell.fails_its_test:
            lines += map(safe, _errors_behind(course.root, folder, cell))
        yield ""
        yield f"[bold]{safe(cell.label)}[/bold]  {score_of(cell.score, cell.max_score)}"
        yield from (f"  {line}" for line in lines if line)


def _about(cell: CellScore) -> Iterator[str]:
    """Who graded a cell."""
    if cell.manual and cell.fails:
        yield cell.fails
    elif cell.manual and cell.score is None:
        yield "needs manual grading"
    elif cell.manual:  # nbgrader gives 0 to a cell that is as released
        yield "graded by hand" if cell.graded_by_hand else "not answered: the cell is as it was handed out"
    yield points_by_hand(cell)
    if cell.self_reported:
        yield OWN_TEST


def _verdict(judged: dict[str, Any]) -> Iterator[str]:
    """What the check found; nothing where no verdict is kept."""
    verdict = judged.get("verdict")
    if not verdict:
        return
    sentences = [verdict.get("cause"), verdict.get("numbers"), *verdict.get("facts", ()), verdict.get("hint")]
    yield from (safe(sentence) for sentence in sentences if sentence)
    if verdict.get("mistake"):
        yield f"mistake: {safe(verdict['mistake'])}"
        if verdict.get("symptom"):
            yield f"seen in the numbers: {safe(verdict['symptom'])}"
    for criterion in verdict["criteria"]:
        mark = check_sign(criterion["passed"], criterion.get("looked_at", True))
        yield f"{mark} {safe(criterion['name'])}  (weight {points(criterion['weight'])})"
        if criterion["message"] and capital(criterion["message"]) not in sentences:
            yield f"    {safe(criterion['message'])}"
    if verdict.get("printed"):
        yield "their code printed or warned:"
        yield from (f"    {safe(line)}" for line in verdict["printed"].splitlines()[:PRINTED_LINES])
    yield f"[dim]probes drawn from seed {judged['seed']}[/dim]"


def _errors_behind(root: Path, folder: Path, test: CellScore) -> Iterator[str]:
    """A test's own error, the notebook's first one if that is another, and where the rest is."""
    path = folder / f"{test.notebook}.ipynb"
    try:
        cells = answer_key.read_notebook(path).cells
    except (OSError, ValueError, nbformat.reader.NotJSONError):
        cells = []
    errors = [(answer_key.grade_id_of(cell), error) for cell in cells if (error := error_of(cell))]
    if own := dict(errors).get(test.grade_id):
        yield f"it ended with {own}"
    if errors and errors[0][0] != test.grade_id:
        yield f"the notebook's first error: {errors[0][1]}"
    if path.is_file():
        yield f"what it printed is in {path.relative_to(root)}"
