"""`autograde upgrade`: an older course folder brought up, its gradebook copied first, or refused in one line.

`course-format-1.zip` is a course that an earlier version made: four submissions of the small course, graded.
"""

from __future__ import annotations

import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
from nbgrader.api import Gradebook
from sqlalchemy.exc import OperationalError
from support import ROOT

from autograde.configuration import EARLIER_TEMPLATES, TEMPLATE
from autograde.errors import CourseError, UsageError
from autograde.feedback.write import write_feedback
from autograde.grading.course import Course
from autograde.grading.graded_assignments import graded_assignment
from autograde.grading.lock import only_grader
from autograde.upgrade import rows
from autograde.upgrade.upgrade_course import upgrade
from grading.small_course import ASSIGNMENT, CourseFolder, NoSandbox

SCORES = {"s01": 7.0, "s02": 2.0, "s03": None, "s04": 7.0}
FLAGS = {"s01": (), "s02": (), "s03": ("malformed",), "s04": ("altered-cells",)}


class NoRun(NoSandbox):
    def submit_run(self, *_, **__):
        raise AssertionError("nothing is run again")


@pytest.fixture
def old(tmp_path: Path) -> CourseFolder:
    """A course of an earlier version."""
    shutil.unpack_archive(Path(__file__).with_name("course-format-1.zip"), tmp_path / "course")
    (tmp_path / "course/.autograde/secret").chmod(0o600)
    return CourseFolder(tmp_path / "course")


def brought_up(course: CourseFolder, **options) -> list[str]:
    """What the command says."""
    said: list[str] = []
    upgrade(course.root, said.append, **options)
    return said


def files(course: CourseFolder) -> dict[Path, bytes]:
    """Every file of the course but the lock."""
    return {
        path: path.read_bytes() for path in course.root.rglob("*") if path.is_file() and path.name != "lock"
    }


def copies_of(course: CourseFolder) -> list[Path]:
    return sorted(course.root.glob("gradebook-*.db"))


def automatic(path: Path) -> list[tuple]:
    """All that nbgrader's tables say of grades."""
    with closing(sqlite3.connect(path)) as database:
        return database.execute("SELECT * FROM grade ORDER BY id").fetchall()


def test_scores_and_flags_stay_and_nobody_is_accused(old):
    before = automatic(old.root / "gradebook.db")
    brought_up(old)
    assert automatic(old.root / "gradebook.db") == before
    results = old.grade().results
    assert {result.student: result.score for result in results} == SCORES
    assert {result.student: result.flags for result in results} == FLAGS


def test_what_was_said_of_a_submission_is_still_said(old):
    brought_up(old)
    with graded_assignment(old.root, ASSIGNMENT) as (course, gradebook, key):
        pages = list(write_feedback(course, gradebook, key))
    assert [page.student for page in pages] == ["s01", "s02", "s04"]
    notes = {result.student: result.notes for result in old.grade(pool=NoSandbox).results}
    assert "test-half" in notes["s04"][0]


@pytest.mark.parametrize("look", [lambda course: course.grade(), lambda course: _open(course)])
def test_other_commands_refuse_it_in_one_line_that_names_the_command(old, look):
    with pytest.raises(UsageError, match=r"autograde upgrade") as refused:
        look(old)
    assert "\n" not in str(refused.value)


def _open(course):
    with graded_assignment(course.root, ASSIGNMENT):
        pass


def test_rows_that_do_not_say_what_scores_were_given_out_of_count_as_of_today(course):
    course.submit("s01")
    course.grade()
    with closing(sqlite3.connect(course.root / "gradebook.db")) as database, database:
        database.execute("ALTER TABLE autograde_submission DROP COLUMN points")
        database.execute("UPDATE autograde_format SET format = 2 WHERE part = 'submissions'")
    with pytest.raises(UsageError, match="autograde upgrade"):
        course.grade()
    brought_up(course)
    (result,) = course.grade().results
    assert (result.unchanged, result.score, result.max_score, result.points_now) == (True, 7, 10, None)


def test_the_gradebook_is_copied_first_with_the_date_in_the_copys_name(old):
    (old.root / "gradebook.db").chmod(0o640)
    before = (old.root / "gradebook.db").read_bytes()
    said = brought_up(old)
    (copy,) = copies_of(old)
    assert copy.name.startswith(f"gradebook-{time.strftime('%Y')}-")
    assert str(copy) in said[0]
    assert automatic(copy) == automatic(old.root / "gradebook.db")
    assert copy.stat().st_mode & 0o777 == 0o640
    shutil.copy(copy, old.root / "gradebook.db")
    with pytest.raises(UsageError, match="autograde upgrade"):
        old.grade()
    assert len(before) == copy.stat().st_size


def test_the_copy_holds_what_lies_beside_the_gradebook_in_its_log(old):
    with closing(sqlite3.connect(old.root / "gradebook.db")) as writer:
        writer.execute("PRAGMA journal_mode=WAL")
        writer.execute("UPDATE student SET first_name = 'Zoë' WHERE id = 's01'")
        writer.commit()
        brought_up(old)
    with closing(sqlite3.connect(copies_of(old)[0])) as database:
        assert database.execute("SELECT first_name FROM student WHERE id = 's01'").fetchone() == ("Zoë",)


def test_a_second_run_has_nothing_to_do(old):
    brought_up(old)
    before = files(old)
    (sentence,) = brought_up(old)
    assert "nothing to do" in sentence
    assert files(old) == before


def test_a_dry_run_says_the_same_and_does_nothing(old):
    before = files(old)
    said = brought_up(old, dry_run=True)
    assert files(old) == before
    assert "4 rows" in " ".join(said)
    assert len(brought_up(old)) == len(said) + 1


def test_a_course_of_this_version_is_left_alone(course):
    course.submit("s01")
    course.grade()
    before = files(course)
    assert "nothing to do" in brought_up(course)[0]
    assert files(course) == before


def test_the_configuration_keeps_what_a_teacher_added(old):
    path = old.root / "nbgrader_config.py"
    earlier, more = path.read_text(), "c.Limits.wall_seconds = 7\n"
    assert len(earlier) == next(iter(EARLIER_TEMPLATES))
    path.write_text(earlier + more)
    brought_up(old)
    assert path.read_text() == TEMPLATE.read_text() + more


def test_a_configuration_that_its_owner_alone_may_read_stays_so(old):
    config = old.root / "nbgrader_config.py"
    config.chmod(0o600)  # a database's password may stand in it
    brought_up(old)
    assert config.stat().st_mode & 0o777 == 0o600


def test_a_configuration_of_ones_own_is_left_alone(old):
    path = old.root / "nbgrader_config.py"
    path.write_text("c = get_config()\n")
    brought_up(old)
    assert path.read_text() == "c = get_config()\n"


def test_an_interrupted_run_changes_nothing_and_the_next_one_does_all(old, monkeypatch):
    before = automatic(old.root / "gradebook.db")
    with monkeypatch.context() as patch:
        patch.setattr(rows, "_note", _interrupt)
        with pytest.raises(KeyboardInterrupt):
            brought_up(old)
    with pytest.raises(UsageError, match="autograde upgrade"):
        old.grade()
    assert automatic(old.root / "gradebook.db") == before
    brought_up(old)
    assert old.scores() == SCORES


def _interrupt(*_):
    raise KeyboardInterrupt


def test_a_kill_in_the_middle_loses_nothing(old):
    program = (
        "import os, sys\nfrom pathlib import Path\nfrom autograde.upgrade import rows, upgrade_course\n"
        "rows._note = lambda *_: os.kill(os.getpid(), 9)\n"
        "upgrade_course.upgrade(Path(sys.argv[1]), print)\n"
    )
    ended = subprocess.run([sys.executable, "-c", program, old.root], cwd=ROOT, capture_output=True)
    assert ended.returncode == -signal.SIGKILL
    assert len(copies_of(old)) == 1
    brought_up(old)
    assert old.scores() == SCORES


def test_it_waits_for_no_grader_but_names_it(old):
    before = files(old)
    with only_grader(Course.open(old.root)), pytest.raises(UsageError, match=r"another grader.*at work"):
        brought_up(old)
    assert files(old) == before


def test_a_gradebook_that_another_program_writes_is_left_alone(old):
    before = automatic(old.root / "gradebook.db")
    with closing(sqlite3.connect(old.root / "gradebook.db", isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        with pytest.raises(CourseError, match="locked"):
            brought_up(old)
        writer.execute("ROLLBACK")
    assert automatic(old.root / "gradebook.db") == before
    assert copies_of(old) == []


def test_a_folder_that_cannot_be_written_is_named(old):
    shutil.rmtree(old.root / ".autograde")
    (old.root / ".autograde").write_text("a file where the private folder should be")
    before = files(old)
    with pytest.raises(UsageError, match="must be writable"):
        brought_up(old)
    assert files(old) == before


def test_a_full_disk_leaves_no_half_copy_and_an_unchanged_gradebook(old):
    before = files(old)
    program = (
        "import resource, signal, sys\nfrom autograde.cli import main\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (65536, 65536))\n"
        "sys.argv = ['autograde', 'upgrade', sys.argv[1]]\nmain()\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program, old.root], cwd=ROOT, capture_output=True, text=True
    )
    assert ended.returncode == 1
    (line,) = ended.stderr.splitlines()
    assert "cannot be copied, and nothing was changed" in line
    assert files(old) == before


def test_a_disk_that_fills_after_the_copy_leaves_the_gradebook_as_it_was(old, monkeypatch):
    def full(*_):
        raise OperationalError("", {}, sqlite3.OperationalError("database or disk is full"))

    before = automatic(old.root / "gradebook.db")
    with monkeypatch.context() as patch:
        patch.setattr(rows, "_automatic", full)
        with pytest.raises(CourseError, match="as it was: database or disk is full"):
            brought_up(old)
    assert automatic(old.root / "gradebook.db") == before
    brought_up(old)
    assert old.scores() == SCORES


def test_a_course_without_a_gradebook_gets_none(fresh_course):
    assert "nothing to do" in brought_up(fresh_course)[0]
    assert not (fresh_course.root / "gradebook.db").exists()


def test_a_folder_that_is_no_course_is_refused(tmp_path):
    with pytest.raises(UsageError, match="no course"):
        upgrade(tmp_path, print)
    assert list(tmp_path.iterdir()) == []


def _other_tables(path: Path) -> None:
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE address (name TEXT)")


FOREIGN = {
    "no database": lambda path: path.write_bytes(b"name,score\ns01,7\n" * 99),
    "an empty file": lambda path: path.write_bytes(b""),
    "another program's database": _other_tables,
}


@pytest.mark.parametrize("make", FOREIGN.values(), ids=FOREIGN)
def test_what_is_no_gradebook_is_refused_and_kept(fresh_course, make):
    path = fresh_course.root / "gradebook.db"
    make(path)
    before = path.read_bytes()
    with pytest.raises((UsageError, CourseError), match=r"gradebook\.db.*(no gradebook|not a database)"):
        brought_up(fresh_course)
    assert path.read_bytes() == before
    assert copies_of(fresh_course) == []


def _sql(course: CourseFolder, *statements: str) -> None:
    with closing(sqlite3.connect(course.root / "gradebook.db")) as database:
        for statement in statements:
            database.execute(statement)
        database.commit()


def test_a_newer_versions_rows_are_refused_by_every_command(course):
    course.submit("s01")
    course.grade()
    _sql(course, "UPDATE autograde_format SET format = 99")
    before = files(course)
    for look in (course.grade, lambda: _open(course), lambda: brought_up(course)):
        with pytest.raises(UsageError, match="newer version"):
            look()
    assert files(course) == before


def test_a_gradebook_of_a_newer_nbgrader_is_refused(course):
    _sql(course, "UPDATE alembic_version SET version_num = 'feedfacecafe'")
    with pytest.raises(UsageError, match="newer nbgrader"):
        brought_up(course)


def test_a_gradebook_that_lost_a_column_is_refused(old):
    _sql(old, "ALTER TABLE grade DROP COLUMN extra_credit")
    with pytest.raises(UsageError, match=r"lacks columns.*backup"):
        brought_up(old)
    assert copies_of(old) == []


def test_nbgraders_own_migrations_are_made_too(old):
    _sql(
        old,
        "ALTER TABLE student DROP COLUMN lms_user_id",
        "CREATE TABLE early (id VARCHAR(32) PRIMARY KEY, name VARCHAR(128) UNIQUE, duedate DATETIME)",
        "INSERT INTO early SELECT id, name, duedate FROM assignment",
        "DROP TABLE assignment",
        "ALTER TABLE early RENAME TO assignment",
        "DROP TABLE course",
        "UPDATE alembic_version SET version_num = '167914646830'",
    )
    with pytest.raises(UsageError, match=r"earlier version of nbgrader.*autograde upgrade"):
        old.grade()
    said = brought_up(old)
    assert "nbgrader db upgrade" in said[1]
    assert old.scores() == SCORES
    with Gradebook(f"sqlite:///{old.root}/gradebook.db") as gradebook:
        assert gradebook.find_student("s01").lms_user_id is None
