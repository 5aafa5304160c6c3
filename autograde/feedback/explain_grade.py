"""Why a grade is what it is, as lines for a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from autograde.feedback.errors_behind import errors_behind
from autograde.feedback.judged_cells import judged_cells
from autograde.grading.answer_key import AnswerKey
from autograde.grading.course import Course
from autograde.grading.flag_messages import GONE, GONE_NEXT, SELF_REPORTED, words_of
from autograde.grading.gradebook import SharedGradebook
from autograde.grading.result_messages import earlier_points_in_words, lateness_in_words, safe
from autograde.grading.results import GRADED, CellScore
from autograde.grading.scores import graded_students, read_results
from autograde.grading.whole_class import gone_of, marked_without_time, with_marks
from autograde.scores import points, score_of
from descentlab.checks.judging.display import mark_of
from descentlab.sentences import capital, say, template

# Of a submission that needs a person: one that failed is not kept, and run again.
WITHOUT_GRADE = template(
    "what to do: mend or rename the file in {folder}, or ask for it again and "
    "`autograde collect {assignment} FILE --update`; for 0 points, put the notebook of {released} in its "
    "place. Then `autograde grade {assignment}`"
)


def explain_grade(course: Course, gradebook: SharedGradebook, key: AnswerKey, student: str) -> Iterator[str]:
    """Lines with Rich's markup; everything a student wrote is escaped.

    Raises:
        CourseError: the evidence kept beside the autograded notebook cannot be read.
    """
    known = read_results(gradebook, key, [student])[student]
    gone = gone_of(course, key.assignment, graded_students(gradebook, key.assignment))
    result = with_marks(course, known.result, marked_without_time(gradebook, key.assignment), gone)
    yield f"[bold]{safe(student)}[/bold], {safe(key.assignment)}: {score_of(result.score, result.max_score)}"
    for flag in result.flags:
        yield f"  {safe(words_of(flag))}"
    for note in result.notes:
        yield f"  {safe(note)}"
    if late := lateness_in_words(result):
        yield f"  {late}"
    if earlier := earlier_points_in_words(result):
        yield f"  {earlier}"
    if GONE in result.flags:
        yield "  " + say(
            GONE_NEXT, students=safe(student), first=safe(student), assignment=safe(key.assignment)
        )
    elif result.status != GRADED:
        yield "  " + _what_to_do(course, key.assignment, student)
    if result.status != GRADED:
        return
    if result.self_reported:
        yield "  " + say(SELF_REPORTED)
    folder = course.folder("autograded", student, key.assignment)
    notebooks = () if result.self_reported else key.notebooks
    judged: dict[str, Any] = {}
    for notebook in notebooks:
        judged |= {f"{notebook}/{one}": kept for one, kept in judged_cells(folder, notebook).items()}
    for cell in result.cells:
        yield ""
        yield from _cell(cell, judged.get(cell.name, {}), cell.name in known.scores.by_hand)
        if cell.fails_its_test:
            yield from (f"  {safe(line)}" for line in errors_behind(course, student, key, cell))


def _cell(cell: CellScore, judged: dict[str, Any], by_hand: bool) -> Iterator[str]:
    yield f"[bold]{safe(cell.check or cell.grade_id)}[/bold]  {score_of(cell.score, cell.max_score)}"
    if cell.manual:
        yield "  " + (cell.fails or _by_whom(cell.score, by_hand))
    if cell.by_hand():
        yield f"  {cell.by_hand()}"
    if cell.self_reported:
        yield "  " + say("an ordinary test cell: the score is what the student's own process said")
    verdict = judged.get("verdict")
    if not verdict:
        return
    sentences = [verdict.get("cause"), verdict.get("numbers"), *verdict.get("facts", ()), verdict.get("hint")]
    yield from (f"  {safe(sentence)}" for sentence in sentences if sentence)
    if verdict.get("misconception"):
        yield "  " + say("mistake: {mistake}", mistake=safe(verdict["misconception"]))
        if verdict.get("gives_away"):
            yield "  " + say("seen in the numbers: {symptom}", symptom=safe(verdict["gives_away"]))
    for criterion in verdict["criteria"]:
        mark = mark_of(criterion["passed"], criterion.get("looked_at", True))
        weight = say("(weight {weight})", weight=points(criterion["weight"]))
        yield f"  {mark} {safe(criterion['name'])}  {weight}"
        if criterion["message"] and capital(criterion["message"]) not in sentences:
            yield f"      {safe(criterion['message'])}"
    if verdict.get("printed"):
        yield "  " + say("their code printed or warned:")
        yield from (f"      {safe(line)}" for line in verdict["printed"].splitlines()[:20])
    yield f"  [dim]{say('probes drawn from seed {seed}', seed=judged['seed'])}[/dim]"


def _by_whom(score: float | None, by_hand: bool) -> str:
    """Who graded an answer that only a person can grade: nbgrader gives 0 where the cell is as handed out."""
    if score is None:
        return say("waits for a person")
    return say("graded by hand") if by_hand else say("not answered: the cell is as it was handed out")


def _what_to_do(course: Course, assignment: str, student: str) -> str:
    """The next step of who looks after a submission without a grade."""
    folder, released = (
        safe(str(course.folder(step, who, assignment).relative_to(course.root)))
        for step, who in (("submitted", student), ("release", "."))
    )
    return say(WITHOUT_GRADE, folder=folder, released=released, assignment=safe(assignment))
