"""Why a grade is what it is, as lines for a terminal."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from autograde.errors import CourseError
from autograde.grading.answer_key import AnswerKey
from autograde.grading.autograded_files import BESIDE
from autograde.grading.course import Course
from autograde.grading.gradebook import SharedGradebook
from autograde.grading.messages import words_of
from autograde.grading.record import read_records
from autograde.grading.results import GRADED, CellScore
from autograde.grading.scores import read_scores, result_of
from autograde.grading.terminal import points, safe


def grade_reasons(course: Course, gradebook: SharedGradebook, key: AnswerKey, student: str) -> Iterator[str]:
    """Lines with Rich's markup; everything a student wrote is escaped.

    Raises:
        CourseError: the evidence kept beside the autograded notebook cannot be read.
    """
    record = read_records(gradebook, key.assignment, [student])[student]
    scores = read_scores(gradebook, key.assignment, [student])[student]
    result = result_of(record, scores, key)
    yield f"[bold]{safe(student)}[/bold], {safe(key.assignment)}: {_score(result.score, result.max_score)}"
    for flag in result.flags:
        yield f"  {safe(words_of(flag))}"
    for note in result.notes:
        yield f"  {safe(note)}"
    if scores.penalty:
        yield f"  {points(scores.penalty)} points off for handing in late"
    if result.status != GRADED:
        return
    kept = _kept(course, key, student)
    for cell in result.cells:
        yield ""
        yield from _cell(cell, kept.get(cell.grade_id, {}))


def _cell(cell: CellScore, kept: dict[str, Any]) -> Iterator[str]:
    yield f"[bold]{safe(cell.check or cell.grade_id)}[/bold]  {_score(cell.score, cell.max_score)}"
    if cell.manual:
        yield "  graded by hand" if cell.score is not None else "  waits for a person"
    if cell.self_reported:
        yield "  an ordinary test cell: the score is what the student's own process said"
    verdict = kept.get("verdict")
    if not verdict:
        return
    for field in ("cause", "hint"):
        if verdict.get(field):
            yield f"  {safe(verdict[field])}"
    if verdict.get("misconception"):
        yield f"  mistake: {safe(verdict['misconception'])}"
        if verdict.get("evidence"):
            yield f"  seen in the numbers: {safe(verdict['evidence'])}"
    for criterion in verdict["criteria"]:
        mark = "✓" if criterion["passed"] else "✗"
        yield f"  {mark} {safe(criterion['name'])}  (weight {points(criterion['weight'])})"
        if criterion["message"] and criterion["message"] != verdict.get("cause"):
            yield f"      {safe(criterion['message'])}"
    if verdict.get("printed"):
        yield "  their code printed or warned:"
        yield from (f"      {safe(line)}" for line in verdict["printed"].splitlines()[:20])
    yield f"  [dim]probes drawn from seed {kept['seed']}[/dim]"


def _score(score: float | None, maximum: float) -> str:
    return f"{points(score)} of {points(maximum)}"


def _kept(course: Course, key: AnswerKey, student: str) -> dict[str, dict[str, Any]]:
    folder = course.folder("autograded", student, key.assignment)
    found: dict[str, dict[str, Any]] = {}
    for name in key.notebooks:
        path = folder / BESIDE / f"{name}.json"
        try:
            found |= json.loads(path.read_text(encoding="utf-8"))["checks"]
        except (OSError, ValueError, KeyError) as error:
            raise CourseError(f"{path} cannot be read: grade again with `autograde grade`") from error
    return found
