"""Scores as nbgrader's gradebook has them now: automatic, given by hand, extra credit, late penalties."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from nbgrader.api import (
    Assignment,
    BaseCell,
    Grade,
    Notebook,
    SubmittedAssignment,
    SubmittedNotebook,
)
from sqlalchemy import bindparam, select

from autograde.course.answer_key import AnswerKey, KeyCell
from autograde.course.gradebook import SharedGradebook, rows_of_cells
from autograde.course.results import GRADED, CellScore, Result
from autograde.course.submission_rows import SubmissionRow, read_rows, students_of
from descentlab.sentences import say


@dataclass
class Scores:
    """One student's numbers: by "notebook/grade_id" a score or None, and the sum of the penalties.

    `late` is how many seconds after the due date, with the student's extension, it was handed in.
    `automatic` has the automatic scores alone; `by_hand` names the cells that a person gave a score,
    `ticked` those of them that formgrader ticks as waiting all the same.
    """

    cells: dict[str, float | None] = field(default_factory=dict)
    automatic: dict[str, float | None] = field(default_factory=dict)
    by_hand: set[str] = field(default_factory=set)
    ticked: set[str] = field(default_factory=set)
    penalty: float = 0.0
    late: float = 0.0

    def overruled(self, name: str, cell: KeyCell) -> float | None:
        """The automatic score of a cell, "notebook/grade_id", where a person gave other points; else None, as
        of all that only a person grades."""
        automatic = self.automatic.get(name)
        return None if cell.manual or automatic == self.cells.get(name) else automatic


ANOTHER = "graded by hand, perhaps for an earlier answer"

# Made once: to put a query together costs as much as to ask it.
GRADES = rows_of_cells(
    Grade,
    SubmittedAssignment.student_id,
    Notebook.name,
    BaseCell.name,
    Grade.auto_score,
    Grade.manual_score,
    Grade.extra_credit,
    Grade.needs_manual_grade,
).where(Assignment.name == bindparam("assignment"))
PENALTIES = (
    select(
        SubmittedAssignment.student_id,
        SubmittedNotebook.late_submission_penalty,
        SubmittedAssignment.timestamp,
        SubmittedAssignment.extension,
        Assignment.duedate,
    )
    .select_from(SubmittedNotebook)
    .join(SubmittedAssignment, SubmittedAssignment.id == SubmittedNotebook.assignment_id)
    .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
    .where(Assignment.name == bindparam("assignment"))
)
WITH_SCORES = PENALTIES.with_only_columns(SubmittedAssignment.student_id)
OF_SOME = SubmittedAssignment.student_id.in_(bindparam("students", expanding=True))


def times_handed_in(gradebook: SharedGradebook, assignment: str) -> dict[str, datetime | None]:
    """When each student handed in, in UTC; None where nobody knows."""
    query = (
        select(SubmittedAssignment.student_id, SubmittedAssignment.timestamp)
        .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
        .where(Assignment.name == assignment)
    )
    return dict(gradebook.db.execute(query).all())


def read_scores(
    gradebook: SharedGradebook, assignment: str, students: Collection[str] | None = None
) -> dict[str, Scores]:
    """The scores of some students, or of all, for an assignment: two queries, however large the class."""
    scores: dict[str, Scores] = defaultdict(Scores)
    asked: dict[str, Any] = {"assignment": assignment}
    grades, penalties = GRADES, PENALTIES
    if students is not None:
        asked["students"] = list(students)
        grades, penalties = GRADES.where(OF_SOME), PENALTIES.where(OF_SOME)
    for who, notebook, grade_id, auto, manual, extra, ticked in gradebook.db.execute(grades, asked):
        one, name = scores[who], f"{notebook}/{grade_id}"
        one.automatic[name] = auto
        if manual is not None:
            one.by_hand.add(name)
            if ticked:
                one.ticked.add(name)
        score = auto if manual is None else manual
        one.cells[name] = None if score is None else score + (extra or 0.0)
    for who, penalty, when, extension, due in gradebook.db.execute(penalties, asked):
        scores[who].penalty += penalty or 0.0
        scores[who].late = seconds_late(when, due, extension)
    return scores


def graded_students(gradebook: SharedGradebook, assignment: str) -> set[str]:
    """Whom `read_results` knows, without reading what they earned: a tenth of its time."""
    numbered = gradebook.db.scalars(WITH_SCORES, {"assignment": assignment})
    return students_of(gradebook, assignment) | set(numbered)


@dataclass(frozen=True)
class Graded:
    """One submission as the gradebook has it: the grader's own row, the scores, and the result of both."""

    row: SubmissionRow
    scores: Scores
    result: Result


def read_results(
    gradebook: SharedGradebook, key: AnswerKey, students: Collection[str] | None = None
) -> dict[str, Graded]:
    """Everybody whom the gradebook has grades of for the key's assignment, by student, in order.

    Where stock nbgrader graded, or graded last, the row is an empty one: what ours says is of other scores.
    """
    rows = read_rows(gradebook, key.assignment, students)
    scores = read_scores(gradebook, key.assignment, students)
    results = {}
    for student in sorted({*rows, *scores}):
        row, numbers = rows.get(student), scores[student]
        if row is None or is_self_reported(row, numbers):
            row = SubmissionRow(key.assignment, student, answers=row.answers if row else {})
        results[student] = Graded(row, numbers, result_of(row, numbers, key))
    return results


def is_self_reported(row: SubmissionRow, scores: Scores) -> bool:
    """Whether an automatic score is another than this grader wrote: the student's process decided it."""
    return row.auto_scores != scores.automatic and any(
        score is not None and row.auto_scores.get(name) != score for name, score in scores.automatic.items()
    )


def result_of(row: SubmissionRow, scores: Scores, key: AnswerKey, unchanged: bool = False) -> Result:
    """A line of the table from the grader's own row and the gradebook's scores."""
    cells = tuple(_cell_scores(row, scores, key))
    points = sum(cell.score or 0.0 for cell in cells)
    graded = row.status == GRADED
    return Result(
        student=row.student,
        assignment=row.assignment,
        status=row.status,
        max_score=sum(cell.max_score for cell in cells),
        points_now=key.max_score if row.points not in ({}, key.points) else None,
        score=max(0.0, points - scores.penalty) if graded else None,
        pending_manual=sum(cell.score is None and (cell.manual or graded) for cell in cells),
        penalty=scores.penalty,
        late=scores.late,
        flags=row.flags,
        notes=tuple(note.sentence() for note in row.notes),
        cells=cells,
        seconds=row.seconds,
        tier=row.tier,
        unchanged=unchanged,
        self_reported=is_self_reported(row, scores),
    )


def waits_anew(row: SubmissionRow, scores: Scores, name: str) -> bool:
    """Whether the points by hand of "notebook/grade_id" are those of an earlier answer."""
    return name in scores.ticked and row.waits(name)


def _cell_scores(row: SubmissionRow, scores: Scores, key: AnswerKey) -> Iterator[CellScore]:
    """Every cell that could be earned when this was graded."""
    for name, cell in key.graded_cells.items():
        if row.points and name not in row.points:
            continue  # what was added since was not there to be earned
        verdict = row.cells.get(name, {})
        waits = waits_anew(row, scores, name)
        yield CellScore(
            grade_id=cell.grade_id,
            score=None if waits else scores.cells.get(name),
            max_score=row.points.get(name, cell.points),
            check=cell.check,
            mistake=verdict.get("misconception"),
            fails=say(ANOTHER) if waits else _fails(verdict) if verdict else "",
            sentence=verdict.get("cause", ""),
            hint=verdict.get("hint", ""),
            manual=cell.manual,
            self_reported=not (cell.check or cell.manual),
            answered=verdict.get("status") == "answered",
            automatic=scores.overruled(name, cell),
            notebook=name.rpartition("/")[0],
        )


def _fails(verdict: dict) -> str:
    """What is wrong with an answer, in few words: the mistake's name, else the first idea that fails."""
    if verdict.get("status") == "unanswered":
        return verdict.get("cause") or "not answered"
    if verdict.get("status") == "borrowed":
        return "borrowed"
    if verdict.get("misconception"):
        return verdict["misconception"]
    if verdict.get("status") == "no-evidence":
        return verdict.get("cause", "")
    return verdict["failed"][0] if verdict.get("status") == "answered" and verdict["failed"] else ""


def seconds_late(when: datetime | None, due: datetime | None, extension: timedelta | None) -> float:
    """How long after it was due; 0 where it was in time or one of the times is not known."""
    if when is None or due is None:
        return 0.0
    return max(0.0, (when - due - (extension or timedelta())).total_seconds())
