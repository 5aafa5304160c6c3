"""Why a grade is what it is, as lines for a terminal."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat

from autograde.course import graded_files
from autograde.entries import answer_key
from autograde.entries.entry import GRADED, SUBMISSION_GONE, CellScore, Entry
from autograde.entries.wording import (
    GONE_REMEDY,
    ORDINARY_TEST,
    REVIEW_REMEDY,
    about_submission,
    error_of,
    lines_about,
    points,
    points_by_hand,
    safe,
    score_of,
)
from verdicts.sentences import capital, check_sign

PRINTED_LINES = 20


def explain_grade(entry: Entry, root: Path) -> Iterator[str]:
    """Lines with Rich's markup; everything a student wrote is escaped.

    `root`: the course's folder, in which paths begin.

    Raises:
        CourseError: the evidence kept next to the autograded notebook cannot be read.
    """
    student, assignment, folder = entry.student, entry.assignment, entry.folder
    yield f"[bold]{safe(student)}[/bold], {safe(assignment)}: {score_of(entry.score, entry.max_score)}"
    notes = entry.notes if entry.status == GRADED else ()
    lines = [*map(safe, (*about_submission(entry), *notes))]
    gone = SUBMISSION_GONE in entry.flags
    # Without flags no file is to blame: handed in in two ways.
    if gone or (entry.status != GRADED and entry.flags):
        lines += map(safe, lines_about({GONE_REMEDY if gone else REVIEW_REMEDY: [student]}, assignment))
    yield from (f"  {line}" for line in lines)
    if entry.status != GRADED:
        return
    notebooks = () if entry.self_reported else {cell.notebook for cell in entry.cells}
    judged = {notebook: graded_files.read_evidence(folder, notebook)["checks"] for notebook in notebooks}
    for cell in entry.cells:
        check = judged.get(cell.notebook, {}).get(cell.grade_id, {})
        lines = [*_about(cell), *_verdict(check)]
        if cell.fails_its_test:
            lines += map(safe, _errors_behind(root, folder, cell))
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
        yield ORDINARY_TEST


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
    if error_there := dict(errors).get(test.grade_id):
        yield f"it ended with {error_there}"
    if errors and errors[0][0] != test.grade_id:
        yield f"the notebook's first error: {errors[0][1]}"
    if path.is_file():
        yield f"what it printed is in {path.relative_to(root)}"
