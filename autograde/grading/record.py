"""What the grader remembers of a submission: one row beside nbgrader's tables, in the same transaction.

The row says which files were graded (`digest`) and which files came of it (`products`). Where either
disagrees with what lies on the disk, the submission is graded again: so a run continues after a kill.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
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
    select,
)

from autograde.grading.gradebook import SharedGradebook
from autograde.grading.messages import Note

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
)
# Made once: to put a statement together costs as much as to run it.
FORGET = delete(TABLE).where(
    TABLE.c.assignment == bindparam("of_assignment"), TABLE.c.student == bindparam("of_student")
)
REMEMBER = insert(TABLE)


@dataclass(frozen=True)
class Record:
    """One row. `cells` maps "notebook/grade_id" to what the verdict adds to the score."""

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


def prepare(gradebook: SharedGradebook) -> None:
    """Make the table, and the indexes of nbgrader's tables, where they are not there yet."""
    TABLE.metadata.create_all(gradebook.engine)
    gradebook.add_indexes()


def read_records(
    gradebook: SharedGradebook, assignment: str, students: Collection[str] | None = None
) -> dict[str, Record]:
    """The rows of an assignment, all of them or some students', by student."""
    query = select(TABLE).where(TABLE.c.assignment == assignment)
    if students is not None:
        query = query.where(TABLE.c.student.in_(students))
    return {row["student"]: _record(row) for row in gradebook.db.execute(query).mappings()}


def write_record(gradebook: SharedGradebook, record: Record) -> None:
    """Insert or replace a row, within the transaction that runs."""
    of_it = {"of_assignment": record.assignment, "of_student": record.student}
    gradebook.db.execute(FORGET, of_it)
    row = {
        **vars(record),
        "flags": json.dumps(record.flags),
        "notes": json.dumps([vars(note) for note in record.notes]),
        "cells": json.dumps(record.cells),
    }
    gradebook.db.execute(REMEMBER, row)


def anything_graded(gradebook: SharedGradebook) -> bool:
    """Whether any submission of the course was graded before."""
    return gradebook.db.execute(select(TABLE.c.student).limit(1)).first() is not None


def _record(row: Any) -> Record:
    fields = dict(row)
    return Record(
        **{
            **fields,
            "flags": tuple(json.loads(fields["flags"])),
            "notes": tuple(map(_note, json.loads(fields["notes"]))),
            "cells": json.loads(fields["cells"]),
        }
    )


def _note(kept: dict[str, Any] | str) -> Note:
    return Note("earlier", {"text": kept}) if isinstance(kept, str) else Note(**kept)
