"""Faults of the machine: no half grade, a clear line, and the next run goes on."""

import errno
import os
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest
from course_folder import ASSIGNMENT, CourseFolder, answer
from nbgrader.api import Gradebook
from nbgrader.preprocessors import SaveAutoGrades
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from autograde.book import gradebook as gradebooks
from autograde.book.class_results import graded_assignment, read_class
from autograde.course.course import Course
from autograde.errors import CourseError, UsageError
from autograde.files import put, put_where_asked
from autograde.pages.feedback import pages_of, write_pages
from autograde.pipeline import flow
from autograde.pipeline.judge import judge_submission
from autograde.release.lessons import release_notebooks
from autograde.sandbox import SandboxError

THREE_RIGHT = {"s0": 7.0, "s1": 7.0, "s2": 7.0}


@pytest.fixture
def three(course):
    """The course with three right answers, not graded."""
    for student in THREE_RIGHT:
        course.submit(student)
    return course


def test_a_full_disk_stops_the_run_with_nothing_half_saved(three, monkeypatch):
    write, written = Path.write_bytes, []

    def full(path, data):
        if path.is_relative_to(three.root / "autograded"):
            written.append(path)
            if len(written) > 2:
                raise OSError(28, "No space left on device", str(path))
        return write(path, data)

    monkeypatch.setattr(Path, "write_bytes", full)
    outcome = three.grade()
    assert "No space left" in outcome.stopped
    assert outcome.exit_status == 1
    assert [result.student for result in outcome.results] == ["s0"]
    monkeypatch.setattr(Path, "write_bytes", write)
    assert three.scores() == THREE_RIGHT


def test_a_student_whom_somebody_else_adds_meanwhile_stops_nobody(three, monkeypatch):
    judge, added = flow.judge_submission, []

    def and_then_formgrader(run):
        judge(run)
        if not added:
            added.append("s1")
            with three.gradebook() as other:
                other.add_student("s1")

    monkeypatch.setattr(flow, "judge_submission", and_then_formgrader)
    outcome = three.grade()
    assert outcome.stopped is None
    assert added
    assert three.scores() == THREE_RIGHT


@pytest.mark.parametrize("where", ["s1", f"s1/{ASSIGNMENT}", f"s1/{ASSIGNMENT}/.autograde"])
def test_a_file_where_a_submissions_folder_must_be_holds_back_no_other(three, where):
    way = three.root / "autograded" / where
    way.parent.mkdir(parents=True)
    way.write_text("")
    outcome = three.grade()
    assert {result.student: result.status for result in outcome.results} == {
        "s0": "graded",
        "s1": "failed",
        "s2": "graded",
    }
    (result,) = (result for result in outcome.results if result.student == "s1")
    assert f"{way} is a file where a folder must be" in result.notes[0]
    way.unlink()
    assert three.scores() == THREE_RIGHT


@pytest.mark.parametrize(
    "way", [lambda course: release_notebooks(course.root, ASSIGNMENT), CourseFolder.register]
)
def test_an_assignment_is_registered_whole_or_not_at_all(fresh_course, monkeypatch, way):
    with monkeypatch.context() as patch:
        patch.setattr(Gradebook, "update_or_create_solution_cell", _killed)
        with pytest.raises(KeyboardInterrupt):
            way(fresh_course)
    with fresh_course.gradebook() as found:
        assert found.assignments == []
    fresh_course.submit("s01")
    assert fresh_course.grade().results[0].score == 7.0


def _killed(*_, **__):
    raise KeyboardInterrupt


def test_a_step_that_fails_in_the_middle_leaves_no_row(three, monkeypatch):
    step = SaveAutoGrades.preprocess_cell

    def failing(self, cell, resources, index):
        grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
        if (resources["nbgrader"]["student"], grade_id) == ("s1", "why"):
            raise RuntimeError("in the middle")
        return step(self, cell, resources, index)

    with monkeypatch.context() as patched:
        patched.setattr(SaveAutoGrades, "preprocess_cell", failing)
        assert [result.status for result in three.grade().results] == ["graded", "failed", "graded"]
    assert in_gradebook(three, "select id from student order by id") == [("s0",), ("s2",)]
    assert in_gradebook(three, "select count(*) from grade") == [(6,)]
    assert three.scores() == THREE_RIGHT


def test_a_refused_commit_stops_the_run_and_keeps_what_was_committed_before(three, monkeypatch):
    commit, commits = Session.commit, []

    def refused(session):
        commits.append(session)
        if len(commits) == 4:  # after late penalties, the read-only look and the first submission
            raise OperationalError("COMMIT", {}, sqlite3.OperationalError("disk I/O error"))
        commit(session)

    monkeypatch.setattr(Session, "commit", refused)
    outcome = three.grade()
    assert "disk I/O error" in outcome.stopped
    saved = [result.student for result in outcome.results]
    assert 0 < len(saved) < 3
    assert [result.student for result in three.grade().results if result.unchanged] == saved
    assert three.scores() == THREE_RIGHT


def test_an_interrupt_keeps_and_shows_what_was_being_saved(three, monkeypatch):
    judged = []

    def interrupted(run):
        judged.append(run)
        if len(judged) == 2:
            raise KeyboardInterrupt
        judge_submission(run)

    monkeypatch.setattr(flow, "judge_submission", interrupted)
    outcome = three.grade()
    assert outcome.stopped == "interrupted"
    assert [result.student for result in outcome.results] == ["s0"]
    assert [result.student for result in three.grade().results if result.unchanged] == ["s0"]


def test_a_locked_gradebook_stops_the_run_and_says_so(graded):
    graded.submit("s01", answer(half="return 0"))
    other = sqlite3.connect(graded.root / "gradebook.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        outcome = graded.grade()
    finally:
        other.close()
    assert "locked" in outcome.stopped
    assert graded.scores() == {"s01": 5.0}


def test_a_file_that_is_no_gradebook_is_left_alone(course):
    course.submit("s01")
    path = course.root / "gradebook.db"
    path.write_bytes(b"my notes" * 1000)
    with pytest.raises(UsageError, match="not a gradebook"):
        course.grade()
    with pytest.raises(UsageError, match="file is not a database"):
        release_notebooks(course.root, ASSIGNMENT)
    assert path.read_bytes() == b"my notes" * 1000


def test_scores_do_not_depend_on_how_many_run_at_once(course):
    for number in range(5):
        course.submit(f"s{number}", answer(half=f"return x / {number + 1}"))
    kept = []
    for jobs in (1, 2, 8):
        results = course.grade(jobs=jobs, force=True).results
        kept.append([(result.student, result.score, result.flags) for result in results])
    assert kept[0] == kept[1] == kept[2]
    assert [score for _, score, _ in kept[0]] == [5.0, 7.0, 5.0, 5.0, 5.0]


def test_a_machine_that_cannot_read_now_is_not_the_submissions_fault(course, monkeypatch):
    course.submit("s01")
    course.submit("s02")
    assert course.scores() == {"s01": 7.0, "s02": 7.0}
    opened = os.open

    def out_of_descriptors(path, flags, *rest, dir_fd=None):
        if path == "s01":
            raise OSError(errno.EMFILE, os.strerror(errno.EMFILE), path)
        return opened(path, flags, *rest, dir_fd=dir_fd)

    with monkeypatch.context() as patched:
        patched.setattr(os, "open", out_of_descriptors)
        first, second = course.grade().results
    assert (first.status, second.unchanged) == ("failed", True)
    assert "Too many open files" in first.notes[0]
    assert all(result.unchanged and result.score == 7.0 for result in course.grade().results)


def test_a_folder_without_room_for_the_sandbox_is_one_short_reason(monkeypatch):
    from autograde.sandbox import staging

    def full(path, _):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))

    monkeypatch.setattr(staging.shutil, "copy2", full)
    with pytest.raises(SandboxError) as caught:
        staging.Stage()
    assert "No space left" in str(caught.value)
    assert "TMPDIR" in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1
    assert len(str(caught.value)) < 300


def test_who_may_read_what_is_written_is_the_umasks_to_say(tmp_path):
    """Grades are written with it."""
    before = os.umask(0o077)
    try:
        put(tmp_path / "scores.csv", b"s01")
        put(tmp_path / "public", b"", 0o644)
        os.umask(0o027)
        put(tmp_path / "group.csv", b"s01")
    finally:
        os.umask(before)
    modes = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()}
    assert modes == {"scores.csv": 0o600, "public": 0o644, "group.csv": 0o640}
    put_where_asked(tmp_path / "scores.csv", b"again")
    assert (tmp_path / "scores.csv").stat().st_mode & 0o777 == 0o600


def test_what_a_killed_writer_left_goes_and_what_another_writes_stays(tmp_path):
    ended = subprocess.Popen(["true"])
    ended.wait()
    for writer in (ended.pid, os.getppid()):
        (tmp_path / f".scores.csv.{writer}.half").touch()
    (tmp_path / f".scores.csv.{ended.pid}").touch()  # somebody's own
    put(tmp_path / "scores.csv", b"s01")
    left = {path.name for path in tmp_path.iterdir()}
    assert left == {"scores.csv", f".scores.csv.{os.getppid()}.half", f".scores.csv.{ended.pid}"}


@pytest.mark.parametrize("file", ["adam.ipynb", ".autograde/adam.json"])
def test_a_kill_between_the_files_and_their_row_makes_no_page_and_grades_again(graded, file):
    path = graded.root / "autograded/s01" / ASSIGNMENT / file
    before = path.read_bytes()
    path.chmod(0o644)
    path.write_bytes(before + b" ")
    with (
        pytest.raises(CourseError, match=r"interrupted. Run `autograde grade"),
        graded_assignment(graded.root, ASSIGNMENT) as (found, gradebook, key),
    ):
        list(write_pages(pages_of(found, read_class(found, gradebook, key))))
    assert not graded.grade().results[0].unchanged
    assert path.read_bytes() == before
    with graded_assignment(graded.root, ASSIGNMENT) as (found, gradebook, key):
        assert len(list(write_pages(pages_of(found, read_class(found, gradebook, key))))) == 1


def test_a_file_that_could_not_be_put_leaves_the_old_one_no_scratch_and_is_named(tmp_path, monkeypatch):
    def full(_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    (tmp_path / "scores.csv").write_bytes(b"before")
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left") as caught:
        put(tmp_path / "scores.csv", b"s01")
    assert caught.value.filename == str(tmp_path / "scores.csv")
    assert [path.name for path in tmp_path.iterdir()] == ["scores.csv"]
    assert (tmp_path / "scores.csv").read_bytes() == b"before"


def in_gradebook(course, statement):
    """The rows that a statement gives, which is committed."""
    with closing(sqlite3.connect(course.root / "gradebook.db")) as database, database:
        return database.execute(statement).fetchall()


def test_a_gradebook_of_another_version_is_said_in_one_line(graded):
    in_gradebook(graded, "alter table grade drop column extra_credit")
    for look in (graded.grade, lambda: graded_assignment(graded.root, ASSIGNMENT).__enter__()):
        with pytest.raises(UsageError, match="earlier nbgrader") as refused:
            look()
        assert len(str(refused.value).splitlines()) == 1


@pytest.mark.parametrize("options", [{}, {"rejudge": True}, {"force": True}])
def test_a_gradebook_that_lost_a_table_is_refused_and_nothing_made_in_its_place(graded, options):
    in_gradebook(graded, "drop table grade")
    with pytest.raises(UsageError, match=r"lost nbgrader's tables \(grade\)"):
        graded.grade(**options)
    assert not in_gradebook(graded, "select 1 from sqlite_master where name = 'grade'")


@pytest.mark.parametrize("options", [{"rejudge": True}, {"force": True}])
def test_a_gradebook_that_lost_grades_is_said_of_each_submission(graded, options):
    in_gradebook(graded, "delete from grade")
    (result,) = graded.grade(**options).results
    assert (result.status, result.score) == ("failed", None)
    assert "the gradebook lost a row of this submission" in result.notes[0]


@pytest.mark.parametrize("words", ["c.Limits.processes = (", "raise SystemExit(3)", "import nothing_such"])
def test_a_configuration_that_cannot_be_read_stops_grading_and_releasing_alike(course, words):
    course.submit("s01")
    course.configure(words + "\n")
    with pytest.raises(UsageError, match=r"nbgrader_config\.py: cannot be read"):
        course.grade()
    with pytest.raises(UsageError, match=r"nbgrader_config\.py: cannot be read"):
        release_notebooks(course.root, ASSIGNMENT)


def test_a_disk_too_full_to_open_the_gradebook_is_one_line(course, monkeypatch):
    def full(*_):
        raise OperationalError("INSERT INTO course", {}, sqlite3.OperationalError("database or disk is full"))

    course.submit("s01")
    monkeypatch.setattr(gradebooks, "make_tables", full)
    with pytest.raises(UsageError, match="database or disk is full") as refused:
        course.grade()
    assert len(str(refused.value).splitlines()) == 1


def test_one_folder_that_may_not_be_read_stops_nobody_else(course, monkeypatch):
    for student in ("s01", "s02"):
        course.submit(student)
    looked = Path.lstat

    def denied(path):
        if path.parent.name == "s01":
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return looked(path)

    monkeypatch.setattr(Path, "lstat", denied)
    found = Course.open(course.root).submissions(ASSIGNMENT)
    assert [submission.student for submission in found] == ["s01", "s02"]


@pytest.mark.parametrize("name", ["course?v=2", "course [new]", "a*", "caf\udce9"])
def test_a_path_that_no_gradebooks_address_can_hold_is_refused(tmp_path, name):
    (tmp_path / name).mkdir()
    with pytest.raises(UsageError, match="Rename the folder"):
        Course.open(tmp_path / name)


@pytest.mark.parametrize("name", ["", "adam-2026"])
def test_the_courses_row_is_made_with_the_tables(course, name):
    """Of two commands that make it later one would fail."""
    opened = Course.open(course.root)
    opened.directory.course_id = name
    for _ in range(2):
        gradebooks.open_gradebook(opened).close()
        assert in_gradebook(course, "select id from course").count((name or "default_course",)) == 1


@pytest.mark.parametrize(
    ("configured", "address"),
    [
        ("sqlite:///gradebook.db", "sqlite:///{root}/gradebook.db"),
        ("sqlite+pysqlite:///data/g.db", "sqlite+pysqlite:///{root}/data/g.db"),
        ("sqlite:////srv/g.db", "sqlite:////srv/g.db"),
        ("postgresql+psycopg:///grades", "postgresql+psycopg:///grades"),
        ("no address", "no address"),
    ],
)
def test_a_relative_gradebook_is_the_courses_wherever_a_command_runs(
    course, monkeypatch, tmp_path, configured, address
):
    monkeypatch.chdir(tmp_path)
    config = course.root / "nbgrader_config.py"
    config.write_text(f"c = get_config()\nc.CourseDirectory.db_url = {configured!r}\n")
    assert Course.open(course.root).directory.db_url == address.format(root=course.root.resolve())
