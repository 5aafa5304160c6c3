"""What the grader remembers of a submission: one row beside nbgrader's tables, in the same transaction.

The row says which files were graded (`digest`), which files came of it (`products`) and which automatic
scores (`auto_scores`). Where the first two disagree with what lies on the disk, the submission is graded
again: so a run continues after a kill.

A table beside it says the rows' format. Rows of an earlier one are brought up by `autograde upgrade`.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass, field
from functools import lru_cache
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
    bindparam,
    delete,
    insert,
    inspect,
    select,
)
from sqlalchemy.engine import Connection

from autograde.errors import UsageError
from autograde.grading.flag_messages import Note
from autograde.grading.gradebook import SharedGradebook
from autograde.grading.nbgrader_tables import writing
from autograde.grading.results import GRADED

# 1 has no `auto_scores`, sentences for notes, and says no format; 2 has no `points`.
FORMAT = 3

NOT_KEPT = ""  # in place of a digest
ANSWERS = "answers"  # beside the cells' names, which have a slash: a row without it is of an earlier version

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
PART = "submissions"
FORMATS = Table(
    "autograde_format",
    TABLE.metadata,
    Column("part", String(32), primary_key=True),
    Column("format", Integer, nullable=False),
)
# Made once: to put a statement together costs as much as to run it.
FORGET = delete(TABLE).where(
    TABLE.c.assignment == bindparam("of_assignment"), TABLE.c.student == bindparam("of_student")
)
REMEMBER = insert(TABLE)


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
    """Make the tables, and the indexes of nbgrader's tables, where they are not there yet.

    Raises:
        UsageError: the rows that are there are of another format.
    """
    with gradebook.engine.connect() as connection:
        number = row_format(connection)
    if number is None:
        with writing(gradebook.engine) as connection:
            if row_format(connection) is None:
                TABLE.metadata.create_all(connection)
                connection.execute(insert(FORMATS).values(part=PART, format=FORMAT))
    else:
        require_known(number)
        if number < FORMAT:
            raise UsageError.say(
                "the gradebook is of an earlier version of the grader. Bring it up, which makes a copy "
                "first: autograde upgrade"
            )
    gradebook.add_indexes()


def require_known(number: int) -> None:
    """Refuse rows that a newer version wrote.

    Raises:
        UsageError: naming what to do.
    """
    if number > FORMAT:
        raise UsageError.say(
            "the gradebook is of a newer version of the grader (rows of the format {actual}, this one "
            "knows {expected}). Install that version: autograde upgrade goes one way only",
            actual=number,
            expected=FORMAT,
        )


def row_format(connection: Connection) -> int | None:
    """The format of the rows; None where none were ever kept."""
    there = inspect(connection)
    if there.has_table(FORMATS.name):
        number = connection.execute(select(FORMATS.c.format).where(FORMATS.c.part == PART)).scalar()
        if number is not None:
            return number
    return 1 if there.has_table(TABLE.name) else None


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


def write_rows(gradebook: SharedGradebook, rows: Collection[SubmissionRow]) -> None:
    """Insert or replace rows, within the transaction that runs."""
    if not rows:
        return
    places = [{"of_assignment": row.assignment, "of_student": row.student} for row in rows]
    gradebook.db.execute(FORGET, places)
    gradebook.db.execute(REMEMBER, [_columns(row) for row in rows])


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


def _parsed(text: str) -> Any:
    """A column of JSON; most rows have no flag and no note, which a large class reads at once."""
    return [] if text == "[]" else {} if text == "{}" else json.loads(text)


@lru_cache(maxsize=1024)
def _numbers(text: str) -> dict[str, Any]:
    """As `_parsed`, for what a class shares: everybody's points, the scores of all who earned the same."""
    return _parsed(text)


def _read(stored: Row) -> SubmissionRow:
    """The row that `_columns` made."""
    cells = _parsed(stored.cells)
    answers = cells.pop(ANSWERS, {})
    parsed = {
        "flags": tuple(_parsed(stored.flags)),
        "notes": tuple(Note(**note) for note in _parsed(stored.notes)),
        "cells": cells,
        "auto_scores": _numbers(stored.auto_scores),
        "points": _numbers(stored.points),
        "answers": {name: Answer(*digests) for name, digests in answers.items()},
    }
    return SubmissionRow(**{**stored._mapping, **parsed})
