"""What the grader remembers of a submission: one row beside nbgrader's tables, in the same transaction.

The row says which files were graded (`digest`), which files came of it (`products`) and which automatic
scores (`auto_scores`). Where the first two disagree with what lies on the disk, the submission is graded
again: so a run continues after a kill.

A table beside it holds the rows' format. A gradebook with another format is refused.
"""

import json
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import (
    Column,
    Float,
    Integer,
    MetaData,
    Row,
    String,
    Table,
    Text,
    delete,
    insert,
    inspect,
    select,
)

from autograde.course.flags import Note
from autograde.course.gradebook import SharedGradebook
from autograde.course.results import GRADED
from autograde.course.tables import writing
from autograde.errors import UsageError

FORMAT = 4

NOT_KEPT = ""  # in place of a digest
ANSWERS = "answers"  # beside the cells' names, which have a slash

TABLE = Table(
    "autograde_submission",
    MetaData(),
    Column("assignment", String(128), primary_key=True),
    Column("student", String(128), primary_key=True),
    Column("digest", Text, nullable=False),
    Column("products", Text, nullable=False),
    Column("status", String(32), nullable=False),
    Column("flags", Text, nullable=False),
    Column("notes", Text, nullable=False),
    Column("cells", Text, nullable=False),
    Column("seconds", Float, nullable=False),
    Column("tier", Integer),
    Column("auto_scores", Text, nullable=False, server_default="{}"),
    Column("points", Text, nullable=False, server_default="{}"),
)
FORMATS = Table("autograde_format", TABLE.metadata, Column("format", Integer, primary_key=True))


@dataclass(frozen=True)
class Answer:
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
    notes: tuple[Note, ...] = ()
    cells: dict[str, dict[str, Any]] = field(default_factory=dict)
    seconds: float = 0.0
    tier: int | None = None
    auto_scores: dict[str, float | None] = field(default_factory=dict)
    points: dict[str, float] = field(default_factory=dict)
    answers: dict[str, Answer] = field(default_factory=dict)

    def waits(self, name: str) -> bool:
        """Whether points by hand of "notebook/grade_id" are of another answer, if formgrader ticks it."""
        return name in self.answers and self.answers[name].waits


def prepare(gradebook: SharedGradebook) -> None:
    """Make the tables, and the indexes of nbgrader's tables, where they are missing.

    Raises:
        UsageError: the rows have another format.
    """
    with gradebook.engine.connect() as connection:
        tables = inspect(connection)
        number = 1 if tables.has_table(TABLE.name) else None
        if tables.has_table(FORMATS.name):
            number = connection.execute(select(FORMATS.c.format)).scalar()
    if number is None:
        with writing(gradebook.engine) as connection:
            TABLE.metadata.create_all(connection)
            if connection.execute(select(FORMATS.c.format)).scalar() is None:
                connection.execute(insert(FORMATS).values(format=FORMAT))
    elif number != FORMAT:
        raise UsageError(
            f"the gradebook's rows have the format {number}, this version reads {FORMAT}. Grade with the version "
            "that wrote them, or start with a new gradebook"
        )
    gradebook.add_indexes()


def read_rows(
    gradebook: SharedGradebook, assignment: str, students: Collection[str] | None = None
) -> dict[str, SubmissionRow]:
    """The rows of an assignment, all of them or some students', by student."""
    query = select(TABLE).where(TABLE.c.assignment == assignment)
    if students is not None:
        query = query.where(TABLE.c.student.in_(students))
    return {stored.student: _read(stored) for stored in gradebook.db.execute(query)}


def students_of(gradebook: SharedGradebook, assignment: str) -> set[str]:
    """Whose rows there are."""
    return set(gradebook.db.scalars(select(TABLE.c.student).where(TABLE.c.assignment == assignment)))


def write_row(gradebook: SharedGradebook, row: SubmissionRow) -> None:
    """Insert or replace a row, within the transaction that runs."""
    same = (TABLE.c.assignment == row.assignment) & (TABLE.c.student == row.student)
    gradebook.db.execute(delete(TABLE).where(same))
    gradebook.db.execute(insert(TABLE).values(_columns(row)))


def _columns(row: SubmissionRow) -> dict[str, Any]:
    """What is stored of a row."""
    columns = {name: value for name, value in vars(row).items() if name != ANSWERS}
    answers = {name: [answer.now, answer.points_of] for name, answer in row.answers.items()}
    return {
        **columns,
        "flags": json.dumps(row.flags),
        "notes": json.dumps([vars(note) for note in row.notes]),
        "cells": json.dumps(row.cells | ({ANSWERS: answers} if answers else {})),
        "auto_scores": json.dumps(row.auto_scores),
        "points": json.dumps(row.points),
    }


def anything_graded(gradebook: SharedGradebook) -> bool:
    """Whether any submission of the course was graded before."""
    return gradebook.db.execute(select(TABLE.c.student).limit(1)).first() is not None


def _read(stored: Row) -> SubmissionRow:
    """The row that `_columns` made."""
    cells = json.loads(stored.cells)
    answers = cells.pop(ANSWERS, {})
    parsed = {
        "flags": tuple(json.loads(stored.flags)),
        "notes": tuple(Note(**note) for note in json.loads(stored.notes)),
        "cells": cells,
        "auto_scores": json.loads(stored.auto_scores),
        "points": json.loads(stored.points),
        "answers": {name: Answer(*digests) for name, digests in answers.items()},
    }
    return SubmissionRow(**{**stored._mapping, **parsed})
