"""The course's gradebook: made whole, written by transactions only, lent to nbgrader's steps."""

import importlib
import os
import pkgutil
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import nbgrader.preprocessors
import pytest
from nbgrader.api import Gradebook, get_alembic_version
from nbgrader.preprocessors import savecells

from autograde.book.gradebook import open_gradebook
from autograde.course.configuration import OPEN_A_GRADEBOOK
from autograde.course.course import Course
from autograde.errors import UsageError

TABLES = """
select type, name, replace(replace(sql, char(10), ''), char(9), '')
from sqlite_master where name not like 'autograde%' order by name
"""


@pytest.fixture(autouse=True)
def _alembic_on_path(monkeypatch):
    """Stock nbgrader runs that program by name; it stands beside this Python."""
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")


def raised(error):
    """To be called where a statement has to fail."""
    raise error


def rows(path, query):
    with closing(sqlite3.connect(path)) as database, database:
        return database.execute(query).fetchall()


def students(course):
    return [name for (name,) in rows(course.root / "gradebook.db", "select id from student order by id")]


@pytest.fixture
def gradebook(course):
    opened = open_gradebook(Course.open(course.root))
    yield opened
    opened.close()


def test_a_new_gradebook_is_the_one_that_nbgrader_makes(fresh_course):
    open_gradebook(Course.open(fresh_course.root)).close()
    with Gradebook(f"sqlite:///{fresh_course.root}/stock.db"):
        pass
    ours, stock = fresh_course.root / "gradebook.db", fresh_course.root / "stock.db"
    assert rows(ours, TABLES) == rows(stock, TABLES)
    for table in ("alembic_version", "course"):
        assert rows(ours, f"select * from {table}") == rows(stock, f"select * from {table}")


@pytest.mark.parametrize("left", ["drop table alembic_version", "delete from alembic_version"])
@pytest.mark.slow
def test_a_gradebook_left_without_its_version_gets_it(course, left):
    path = course.root / "gradebook.db"
    rows(path, left)
    course.submit("s01")
    assert course.scores() == {"s01": 7.0}
    assert rows(path, "select version_num from alembic_version") == [(get_alembic_version(),)]


def test_a_gradebook_with_rows_of_another_format_is_refused_by_every_command(course):
    course.submit("s01")
    course.grade()
    rows(course.root / "gradebook.db", "update autograde_format set format = 1")
    before = rows(course.root / "gradebook.db", TABLES)
    for words in ("grade 06-adam", "export 06-adam", "release 06-adam", "due 06-adam never", "roster show"):
        done = course.run(*words.split())
        assert (done.exit_code, done.stderr.count("\n")) == (2, 1), words
        assert "have the format 1" in done.stderr, words
    assert rows(course.root / "gradebook.db", TABLES) == before


def test_tables_of_another_version_are_never_called_those_of_this_one(course):
    path = course.root / "gradebook.db"
    rows(path, "alter table grade drop column extra_credit")
    rows(path, "delete from alembic_version")
    course.submit("s01")
    with pytest.raises(UsageError, match="earlier nbgrader"):
        course.grade()
    assert rows(path, "select version_num from alembic_version") == []


def test_every_step_of_nbgraders_that_opens_a_gradebook_is_lent_ours():
    """Of the converters' own modules only the one that we run: `autograde` is nbgrader's whole command."""
    found = [importlib.import_module("nbgrader.converters.generate_assignment")]
    for module in pkgutil.iter_modules(nbgrader.preprocessors.__path__, "nbgrader.preprocessors."):
        found.append(importlib.import_module(module.name))
    assert {module.__name__ for module in found if hasattr(module, "Gradebook")} == set(OPEN_A_GRADEBOOK)


def test_a_commit_in_a_transaction_waits_for_its_end_and_outside_it_commits(course, gradebook):
    with gradebook.transaction():
        gradebook.add_student("s01")
        gradebook.db.commit()
        assert students(course) == []
    assert students(course) == ["s01"]
    gradebook.add_student("s02")
    assert students(course) == ["s01", "s02"]


def test_an_error_takes_back_what_nbgraders_steps_committed_and_closed(course, gradebook):
    def step(end):
        with gradebook.transaction(), gradebook.shared():
            with savecells.Gradebook("sqlite://") as lent:
                lent.add_student("s01")
            end(gradebook.find_student("s01").id)

    with pytest.raises(KeyboardInterrupt):
        step(lambda _: raised(KeyboardInterrupt))
    assert students(course) == []
    step(print)
    assert students(course) == ["s01"]


def test_after_the_loan_nbgraders_steps_open_their_own_again(gradebook):
    def broken_off():
        with gradebook.shared():
            assert all(sys.modules[name].Gradebook is not Gradebook for name in OPEN_A_GRADEBOOK)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        broken_off()
    assert all(sys.modules[name].Gradebook is Gradebook for name in OPEN_A_GRADEBOOK)
