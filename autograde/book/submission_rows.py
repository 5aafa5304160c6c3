"""What the gradebook has of a submission: our own row next to nbgrader's tables, nbgrader's scores, and what they say.

The row is written in nbgrader's transaction. It says which files were graded (`digest`), which files came of it
(`products`) and which automatic scores (`auto_scores`). Where the first two disagree with what lies on the disk,
the submission is graded again: so a run continues after a kill.

Scores are those that nbgrader has now: automatic, given by hand, extra credit, late penalties.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from nbgrader.api import Assignment, Comment, Grade, SubmittedAssignment, SubmittedNotebook
from sqlalchemy import (
    JSON,
    Column,
    Float,
    Integer,
    Row,
    String,
    Text,
    bindparam,
    delete,
    insert,
    inspect,
    select,
)

from autograde.book.gradebook import SharedGradebook, rows_of_cells
from autograde.book.tables import GradebookTable, keep_format, writing
from autograde.entries.answer_key import AnswerKey
from autograde.entries.entry import EARLIER_VERSION, GRADED, CellScore, Entry, Person

TABLE = GradebookTable(
    "autograde_submission",
    "assignment student",
    Column("tier", Integer),
    digest=Text,
    products=Text,
    status=String(32),
    flags=JSON,
    notes=JSON,
    cells=JSON,
    seconds=Float,
    auto_scores=JSON,
    points=JSON,
    answers=JSON,
).table


class AnswerDigests(NamedTuple):
    """What a person grades: a digest of it `now`, and of the one that its points by hand are `points_of`."""

    now: str
    points_of: str

    @property
    def waits(self) -> bool:
        """Whether its points by hand, if formgrader ticks it, are those of another answer."""
        return self.now != self.points_of


@dataclass(frozen=True)
class SubmissionRow:
    """One row. `cells` maps "notebook/grade_id" to what the verdict adds to the score, `answers` to what is
    known of an answer that only a person can grade.

    `auto_scores` are the automatic scores that were written with it, by the same names; `points` is what each
    cell's score was given out of, empty where that is not known.
    """

    assignment: str
    student: str
    digest: str = ""
    products: str = ""
    status: str = GRADED
    flags: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    cells: dict[str, dict[str, Any]] = field(default_factory=dict)
    seconds: float = 0.0
    tier: int | None = None
    auto_scores: dict[str, float | None] = field(default_factory=dict)
    points: dict[str, float] = field(default_factory=dict)
    answers: dict[str, AnswerDigests] = field(default_factory=dict)

    @property
    def submitted(self) -> str:
        """The part of the digest that is of what was submitted."""
        return self.digest.rpartition(" ")[0]

    @property
    def run_with(self) -> str:
        """The part that is of what it was run with."""
        return self.digest.rpartition(" ")[2]

    def digest_of(self, name: str, earlier: bool = False) -> str:
        """A digest of the answer "notebook/grade_id" as it is graded, or with `earlier` of the one that has its points;
        where it is a check's or a test's, of the submission.
        """
        if (graded := self.answers.get(name)) is None:
            return self.submitted
        return graded.points_of if earlier else graded.now

    def waits(self, name: str) -> bool:
        """Whether the manual points of "notebook/grade_id" belong to an earlier answer, if formgrader ticks it."""
        return name in self.answers and self.answers[name].waits


def prepare(gradebook: SharedGradebook) -> None:
    """Make the table, and the indexes of nbgrader's tables, where they are missing."""
    if not inspect(gradebook.engine).has_table(TABLE.name):
        with writing(gradebook.engine) as connection:
            keep_format(connection)
            TABLE.create(connection, checkfirst=True)
    gradebook.add_indexes()


def read_rows(
    gradebook: SharedGradebook, assignment: str, students: Collection[str] | None = None
) -> dict[str, SubmissionRow]:
    """The rows of an assignment, all of them or some students', by student."""
    query = select(TABLE).filter_by(assignment=assignment)
    if students is not None:
        query = query.where(TABLE.c.student.in_(students))
    return {stored.student: _read(stored) for stored in gradebook.db.execute(query)}


def write_row(gradebook: SharedGradebook, row: SubmissionRow) -> None:
    """Insert or replace a row, within the transaction that runs."""
    gradebook.db.execute(delete(TABLE).filter_by(assignment=row.assignment, student=row.student))
    gradebook.db.execute(insert(TABLE).values(vars(row)))


def anything_graded(gradebook: SharedGradebook) -> bool:
    """Whether any submission of the course was graded before."""
    return gradebook.db.execute(select(TABLE.c.student).limit(1)).first() is not None


def _read(stored: Row) -> SubmissionRow:
    row = dict(stored._mapping)
    answers = {name: AnswerDigests(*digests) for name, digests in row["answers"].items()}
    return SubmissionRow(
        **row | {"flags": tuple(row["flags"]), "notes": tuple(row["notes"]), "answers": answers}
    )


@dataclass
class Scores:
    """One student's numbers: by "notebook/grade_id" a score or None, and the sum of the penalties.

    `late` is how many seconds after the due date, with the student's extension, it was submitted. `comments` are
    those on answers, where they were read.
    `automatic` has the automatic scores alone; `by_hand` names the cells that a person gave a score,
    `ticked` those of them that formgrader ticks as waiting all the same.
    """

    cells: dict[str, float | None] = field(default_factory=dict)
    automatic: dict[str, float | None] = field(default_factory=dict)
    by_hand: set[str] = field(default_factory=set)
    ticked: set[str] = field(default_factory=set)
    comments: dict[str, str] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)
    penalty: float = 0.0
    late: float = 0.0
    when: datetime | None = None


EARLIER_ANSWER = "graded by hand, perhaps for an earlier answer"

# Made once: to put a query together costs as much as to ask it.
GRADES = rows_of_cells(
    Grade,
    bindparam("assignment"),
    Grade.auto_score,
    Grade.manual_score,
    Grade.extra_credit,
    Grade.needs_manual_grade,
    Grade.id,
)
PENALTIES = (
    select(
        SubmittedAssignment.student_id,
        SubmittedNotebook.late_submission_penalty,
        SubmittedAssignment.timestamp,
        SubmittedAssignment.extension,
        Assignment.duedate,
    )
    .select_from(SubmittedNotebook)
    .join(SubmittedAssignment)
    .join(Assignment)
    .where(Assignment.name == bindparam("assignment"))
)
TIMES = PENALTIES.with_only_columns(SubmittedAssignment.student_id, SubmittedAssignment.timestamp)
OF_STUDENTS = SubmittedAssignment.student_id.in_(bindparam("students", expanding=True))


def submission_times(gradebook: SharedGradebook, assignment: str) -> dict[str, datetime | None]:
    """When each student submitted, in UTC; None where nobody knows."""
    return dict(gradebook.db.execute(TIMES, {"assignment": assignment}).all())


def read_scores(
    gradebook: SharedGradebook, assignment: str, students: Collection[str] | None = None
) -> dict[str, Scores]:
    """The scores of some students, or of all, for an assignment: two queries, however large the class."""
    scores = defaultdict(Scores)
    asked: dict[str, Any] = {"assignment": assignment}
    grades, penalties = GRADES, PENALTIES
    if students is not None:
        asked["students"] = list(students)
        grades, penalties = GRADES.where(OF_STUDENTS), PENALTIES.where(OF_STUDENTS)
    for who, name, auto, manual, extra, ticked, code in gradebook.db.execute(grades, asked):
        one = scores[who]
        one.automatic[name], one.codes[name] = auto, code
        if manual is not None:
            one.by_hand.add(name)
            if ticked:
                one.ticked.add(name)
        score = auto if manual is None else manual
        one.cells[name] = None if score is None else score + (extra or 0.0)
    for who, penalty, when, extension, due in gradebook.db.execute(penalties, asked):
        scores[who].penalty += penalty or 0.0
        scores[who].when, scores[who].late = when, seconds_late(when, due, extension)
    return scores


def read_comments(
    gradebook: SharedGradebook, assignment: str, column: Any = Comment.comment
) -> dict[tuple[str, str], str]:
    """What was written to students about their answers, by student and "notebook/grade_id"."""
    found = gradebook.db.execute(rows_of_cells(Comment, assignment, column))
    return {(student, name): text for student, name, text in found if text}


def graded_students(gradebook: SharedGradebook, assignment: str) -> set[str]:
    """Whom `read_results` knows, without reading what they earned: a tenth of its time."""
    known = select(TABLE.c.student).filter_by(assignment=assignment)
    return {*gradebook.db.scalars(known), *submission_times(gradebook, assignment)}


def read_results(
    gradebook: SharedGradebook, key: AnswerKey, students: Collection[str] | None = None
) -> dict[str, Entry]:
    """Everybody whom the gradebook has grades of for the key's assignment, by student, in order.

    Where stock nbgrader graded, or graded last, the row is an empty one: what ours says is of other scores.
    """
    rows = read_rows(gradebook, key.assignment, students)
    scores = read_scores(gradebook, key.assignment, students)
    for (student, name), text in read_comments(gradebook, key.assignment).items():
        if student in scores:
            scores[student].comments[name] = text
    results = {}
    for student in sorted({*rows, *scores}):
        row, numbers = rows.get(student), scores[student]
        if row is None or is_self_reported(row, numbers):
            row = SubmissionRow(key.assignment, student, answers=row.answers if row else {})
        results[student] = result_of(row, numbers, key)
    return results


def is_self_reported(row: SubmissionRow, scores: Scores) -> bool:
    """Whether an automatic score is another than this grader wrote: the student's process decided it."""
    return any(
        score is not None and row.auto_scores.get(name) != score for name, score in scores.automatic.items()
    )


def result_of(row: SubmissionRow, scores: Scores, key: AnswerKey, unchanged: bool = False) -> Entry:
    """A line of the table from the grader's own row and the gradebook's scores."""
    cells = tuple(_cell_scores(row, scores, key))
    points = sum(cell.score or 0.0 for cell in cells)
    graded = row.status == GRADED
    # Today's, but for cells that its version of the assignment did not have.
    as_now = row.points in ({}, key.points) or (
        EARLIER_VERSION in row.flags and row.points.items() <= key.points.items()
    )
    return Entry(
        person=Person(row.student),
        assignment=row.assignment,
        status=row.status,
        max_score=sum(cell.max_score for cell in cells),
        points_now=None if as_now else key.max_score,
        score=max(0.0, points - scores.penalty) if graded else None,
        pending_manual=sum(cell.score is None and (cell.manual or graded) for cell in cells),
        penalty=scores.penalty,
        late=scores.late,
        flags=row.flags,
        notes=row.notes,
        cells=cells,
        seconds=row.seconds,
        tier=row.tier,
        products=row.products,
        unchanged=unchanged,
        self_reported=is_self_reported(row, scores),
        submitted=scores.when,
    )


def _cell_scores(row: SubmissionRow, scores: Scores, key: AnswerKey) -> Iterator[CellScore]:
    """Every cell that could be earned when this was graded, also one that was removed since."""
    for name, worth in (row.points or key.points).items():
        notebook, _, grade_id = name.rpartition("/")
        cell, verdict = key.graded_cells.get(name), row.cells.get(name, {})
        check, manual = (cell.check, cell.manual) if cell else (verdict.get("check"), name in row.answers)
        waits = name in scores.ticked and row.waits(name)
        automatic = scores.automatic.get(name)
        yield CellScore(
            grade_id=grade_id,
            score=None if waits else scores.cells.get(name),
            max_score=worth,
            check=check,
            mistake=verdict.get("mistake"),
            fails=EARLIER_ANSWER if waits else _fails(verdict) if verdict else "",
            sentence=verdict.get("cause", ""),
            hint=verdict.get("hint", ""),
            manual=manual,
            graded_by_hand=name in scores.by_hand,
            waits=waits,
            verdict=verdict,
            self_reported=not (check or manual),
            automatic=None if manual or automatic == scores.cells.get(name) else automatic,
            notebook=notebook,
            comment="" if waits else scores.comments.get(name, ""),
            code=scores.codes.get(name, ""),
            digest=row.digest_of(name),
        )


def _fails(verdict: dict) -> str:
    """What is wrong with an answer, in few words: the mistake's name, else the first idea that fails."""
    status = verdict.get("status")
    if status == "unanswered":
        return verdict.get("cause") or "not answered"
    if status == "borrowed":
        return status
    if verdict.get("mistake"):
        return verdict["mistake"]
    if status in ("no-evidence", "not-judged"):
        return verdict.get("cause", "")
    return verdict["failed"][0] if status == "answered" and verdict["failed"] else ""


def seconds_late(when: datetime | None, due: datetime | None, extension: timedelta | None) -> float:
    """How long after it was due; 0 where it was in time or one of the times is not known."""
    if when is None or due is None:
        return 0.0
    return max(0.0, (when - due - (extension or timedelta())).total_seconds())
