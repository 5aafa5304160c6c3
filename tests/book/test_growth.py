"""A large class: the gradebook does the same work for its last submission as for its first."""

import sqlite3
import uuid
from dataclasses import dataclass

import pytest
from course_folder import ASSIGNMENT
from sqlalchemy import Index, event
from sqlalchemy.engine import Engine
from sqlalchemy.exc import OperationalError

from autograde.book.gradebook import INDEXES
from autograde.grading.grade_class import Watcher

TABLES = ("student", "submitted_assignment", "submitted_notebook", "grade", "comment", "autograde_submission")
STEPS = 100  # of SQLite's machine, between two counts


@dataclass
class Work:
    """What a gradebook was asked, and how long its machine ran for it, in steps and not in seconds."""

    queries: int = 0
    steps: int = 0


@pytest.fixture
def course(course):
    """A course whose gradebook nbgrader alone has made: without our indexes."""
    with sqlite3.connect(course.root / "gradebook.db") as book:
        for index in INDEXES:
            book.execute(f"DROP INDEX {index.name}")
    return course


@pytest.fixture
def work():
    """Counts while a test runs."""
    done = Work()

    def step() -> None:
        done.steps += STEPS

    def connected(connection, _) -> None:
        connection.set_progress_handler(step, STEPS)

    def asked(*_) -> None:
        done.queries += 1

    event.listen(Engine, "connect", connected)
    event.listen(Engine, "before_cursor_execute", asked)
    yield done
    event.remove(Engine, "connect", connected)
    event.remove(Engine, "before_cursor_execute", asked)


def cost_of_the_last(course, work: Work) -> Work:
    """What the last submission of a run cost the gradebook."""
    seen = []
    watcher = Watcher(done=lambda _: seen.append(Work(work.queries, work.steps)))
    course.grade(watcher=watcher)
    before, after = seen[-2:]
    return Work(after.queries - before.queries, after.steps - before.steps)


def multiply(course, copies: int) -> None:
    """Copies of all that was graded, as if by other students."""
    with sqlite3.connect(course.root / "gradebook.db") as book:
        rows = {table: book.execute(f"SELECT * FROM {table}").fetchall() for table in TABLES}
        for _ in range(copies):
            ids = {row[0]: uuid.uuid4().hex for table in TABLES[:-1] for row in rows[table]}
            for table in TABLES:
                for row in rows[table]:
                    values = [ids.get(value, value) for value in row]
                    book.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(values))})", values)


def hand_in(course, numbers: range, kind: str) -> None:
    for number in numbers:
        path = course.submit(f"s{number:02d}", b"{}" if kind == "unreadable" else None)
        if kind == "late":
            path.with_name("timestamp.txt").write_text("2030-01-02 00:00:00 UTC")


@pytest.mark.parametrize("kind", ["in time", "late", "unreadable"])
def test_the_work_for_a_submission_does_not_grow_with_the_class(course, work, kind):
    with course.gradebook() as gradebook:
        gradebook.update_or_create_assignment(ASSIGNMENT, duedate="2030-01-01")
    hand_in(course, range(3), kind)
    small = cost_of_the_last(course, work)
    multiply(course, 200)
    hand_in(course, range(3, 6), kind)
    large = cost_of_the_last(course, work)
    assert large.queries == small.queries
    assert large.steps <= 1.2 * small.steps + STEPS


def test_a_gradebook_that_takes_no_index_is_graded_all_the_same(course, monkeypatch):
    def refused(*_, **__):
        raise OperationalError("CREATE INDEX", {}, Exception("must be owner of table grade"))

    monkeypatch.setattr(Index, "create", refused)
    course.submit("s01")
    assert course.scores() == {"s01": 7.0}
