"""The gradebook's tables and rows, brought up in one transaction: nbgrader's by its own migrations."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from nbgrader.api import Assignment, Base, Notebook
from nbgrader.dbutil import ALEMBIC_DIR
from sqlalchemy import func, inspect, select, update
from sqlalchemy.engine import Connection

from autograde.errors import UsageError
from autograde.grading.autograded_files import read_autograded
from autograde.grading.course import Course
from autograde.grading.nbgrader_tables import has_todays_columns, head_version, table_version
from autograde.grading.scores import GRADES
from autograde.grading.submission_rows import (
    FORMAT,
    FORMATS,
    PART,
    TABLE,
    require_known,
    row_format,
)


@dataclass(frozen=True)
class State:
    """What a gradebook holds: versions of nbgrader's tables and of our rows, None for none; how many rows."""

    tables: str | None
    format: int | None
    rows: int

    @property
    def old_tables(self) -> bool:
        """Whether nbgrader's own migrations have to run."""
        return self.tables != head_version()

    @property
    def old_rows(self) -> bool:
        """Whether our rows are of an earlier format."""
        return self.format is not None and self.format < FORMAT


def read_state(connection: Connection) -> State:
    """What is to be brought up.

    Raises:
        UsageError: it is no gradebook, or a newer version wrote it.
    """
    there = inspect(connection)
    if not there.has_table(Assignment.__tablename__):
        raise UsageError.say("it holds no table of nbgrader's: it is no gradebook, and was left as it is")
    tables = table_version(connection)
    try:
        ScriptDirectory(ALEMBIC_DIR).get_revision(tables or "base")
    except CommandError as error:
        raise UsageError.say(
            "it is of a newer nbgrader than the one installed here. Install that one: {reason}",
            reason=error,
        ) from error
    if tables == head_version() and not has_todays_columns(connection):
        raise UsageError.say(
            "it lacks columns that nbgrader's tables of its version have: put a backup in its place"
        )
    number = row_format(connection)
    if number is not None:
        require_known(number)
    rows = connection.execute(select(func.count()).select_from(TABLE)).scalar() if number else 0
    return State(tables, number, rows)


def upgrade_rows(connection: Connection, course: Course, state: State) -> None:
    """Bring up what `state` says is old, within the connection's transaction."""
    if state.old_tables:
        _migrate(connection)
    if state.old_rows:
        for number in range(state.format, FORMAT):
            MIGRATIONS[number](connection, course)
        FORMATS.create(connection, checkfirst=True)
        connection.execute(FORMATS.delete().where(FORMATS.c.part == PART))
        connection.execute(FORMATS.insert().values(part=PART, format=FORMAT))


def _migrate(connection: Connection) -> None:
    """What `nbgrader db upgrade` does, in this transaction; what tables are missing then are made."""
    script = ScriptDirectory(ALEMBIC_DIR)
    context = MigrationContext.configure(
        connection, opts={"fn": lambda revision, _: script._upgrade_revs("head", revision)}
    )
    with Operations.context(context):
        context.run_migrations()
    Base.metadata.create_all(connection)


def _to_2(connection: Connection, course: Course) -> None:
    """Notes become ids and values; a row says which automatic scores were written with it.

    Those are known of a submission whose files are still those that were graded. Of another one somebody
    else has written since: nothing is known, and it counts as self-reported until it is graded again.
    """
    connection.exec_driver_sql(
        f"ALTER TABLE {TABLE.name} ADD COLUMN {TABLE.c.auto_scores.name} TEXT NOT NULL DEFAULT '{{}}'"
    )
    notebooks = _notebooks(connection)
    columns = (TABLE.c.assignment, TABLE.c.student, TABLE.c.products, TABLE.c.notes)
    rows = connection.execute(select(*columns)).all()
    scores = {name: _automatic(connection, name) for name in {row.assignment for row in rows}}
    for assignment, student, products, notes in rows:
        folder = course.folder("autograded", student, assignment)
        ours = bool(products) and read_autograded(folder, notebooks[assignment]) == products
        fields = {
            "notes": json.dumps([_note(note) for note in json.loads(notes)]),
            "auto_scores": json.dumps(scores[assignment][student] if ours else {}),
        }
        of_it = (TABLE.c.assignment == assignment) & (TABLE.c.student == student)
        connection.execute(update(TABLE).where(of_it).values(fields))


def _to_3(connection: Connection, course: Course) -> None:
    """A row says what its scores were given out of; of earlier ones that is not known, and today's count."""
    connection.exec_driver_sql(
        f"ALTER TABLE {TABLE.name} ADD COLUMN {TABLE.c.points.name} TEXT NOT NULL DEFAULT '{{}}'"
    )


def _note(stored: dict[str, Any] | str) -> dict[str, Any]:
    return {"name": "earlier", "values": {"text": stored}} if isinstance(stored, str) else stored


def _notebooks(connection: Connection) -> dict[str, list[str]]:
    """The names of each assignment's notebooks."""
    names: dict[str, list[str]] = defaultdict(list)
    query = select(Assignment.name, Notebook.name).join(Assignment, Assignment.id == Notebook.assignment_id)
    for assignment, notebook in connection.execute(query):
        names[assignment].append(notebook)
    return names


def _automatic(connection: Connection, assignment: str) -> dict[str, dict[str, float | None]]:
    """Each student's automatic scores in an assignment, by "notebook/grade_id"."""
    scores: dict[str, dict[str, float | None]] = defaultdict(dict)
    rows = connection.execute(GRADES, {"assignment": assignment})
    for student, notebook, grade_id, auto, *_ in rows:
        scores[student][f"{notebook}/{grade_id}"] = auto
    return scores


# From a format to the next one.
MIGRATIONS: dict[int, Callable[[Connection, Course], None]] = {1: _to_2, 2: _to_3}
