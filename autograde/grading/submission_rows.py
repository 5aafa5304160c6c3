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
    digest: str
    products: str
    status: str
    flags: tuple[str, ...]
    notes: tuple[Note, ...]
    cells: dict[str, dict[str, Any]]
    seconds: float
    tier: int | None
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
    return {row.student: _record(row) for row in gradebook.db.execute(query)}


def students_of(gradebook: SharedGradebook, assignment: str) -> set[str]:
    """Whose rows there are."""
    return set(gradebook.db.scalars(select(TABLE.c.student).where(TABLE.c.assignment == assignment)))


def write_rows(gradebook: SharedGradebook, records: Collection[SubmissionRow]) -> None:
    """Insert or replace rows, within the transaction that runs."""
    if not records:
        return
    places = [{"of_assignment": record.assignment, "of_student": record.student} for record in records]
    gradebook.db.execute(FORGET, places)
    gradebook.db.execute(REMEMBER, [_fields(record) for record in records])


def _fields(record: SubmissionRow) -> dict[str, Any]:
    """A row's columns."""
    columns = {name: value for name, value in vars(record).items() if name != ANSWERS}
    answers = {name: [answer.now, answer.points_of] for name, answer in record.answers.items()}
    return {
        **columns,
        "flags": json.dumps(record.flags),
        "notes": json.dumps([vars(note) for note in record.notes]),
        "cells": json.dumps(record.cells | ({ANSWERS: answers} if answers else {})),
        "auto_scores": json.dumps(record.auto_scores),
        "points": json.dumps(record.points),
    }


def anything_graded(gradebook: SharedGradebook) -> bool:
    """Whether any submission of the course was graded before."""
    return gradebook.db.execute(select(TABLE.c.student).limit(1)).first() is not None


def _read(text: str) -> Any:
    """A column of JSON; most rows have no flag and no note, which a large class reads at once."""
    return [] if text == "[]" else {} if text == "{}" else json.loads(text)


@lru_cache(maxsize=1024)
def _numbers(text: str) -> dict[str, Any]:
    """As `_read`, for what a class shares: everybody's points, and the scores of all who earned the same."""
    return _read(text)


def _record(row: Any) -> SubmissionRow:
    cells = _read(row.cells)
    answers = cells.pop(ANSWERS, {})
    return SubmissionRow(
        assignment=row.assignment,
        student=row.student,
        digest=row.digest,
        products=row.products,
        status=row.status,
        flags=tuple(_read(row.flags)),
        notes=tuple(Note(**note) for note in _read(row.notes)),
        cells=cells,
        seconds=row.seconds,
        tier=row.tier,
        auto_scores=_numbers(row.auto_scores),
        points=_numbers(row.points),
        answers={name: Answer(*digests) for name, digests in answers.items()},
    )
