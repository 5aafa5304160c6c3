"""docs/privacy.md: its lines back a course up and put it back; one student's part is erased and nobody else's touched."""

import os
import re
import shutil
import sqlite3
import subprocess
from contextlib import closing

import pytest
from course_folder import ASSIGNMENT, WRONG, CourseFolder, answer
from sqlalchemy import create_engine
from support import ROOT

from autograde.book.tables import make_tables

SECTION = (ROOT / "docs/privacy.md").read_text("utf-8").partition("## Backup and restore")[2]
COPY, PACK, CLOSE, UNPACK, PUT_BACK, *_ = re.findall("(?m)^    (.+)$", SECTION)


def two_graded(course):
    course.submit("ann")
    course.submit("ben", answer(WRONG))
    course.grade()
    course.run("feedback 06-adam")


@pytest.fixture
def graded(after):
    return after(two_graded)


def typed(line, folder):
    """A line of the page, typed for a course named course."""
    line = line.replace("adam-2026", "course")
    subprocess.run(["bash", "-euc", line], cwd=folder, check=True, timeout=60)


def tree(root, student=None):
    """Every file and folder, or a student's: its mode, its bytes and its time."""
    return {
        path.relative_to(root): (
            path.lstat().st_mode,
            os.readlink(path) if path.is_symlink() else path.read_bytes() if path.is_file() else b"",
            None if path.is_dir() else int(path.lstat().st_mtime),
        )
        for path in [root, *root.rglob("*")]
        if path.name != "lock" and (student is None or student in path.parts)
    }


@pytest.mark.needs("sqlite3")
def test_a_course_is_backed_up_and_put_back_by_the_lines_of_the_page(graded, tmp_path):
    root, again = graded.root, tmp_path / "again"
    (root / "nbgrader_config.py").touch(0o600)
    (root / "notes").symlink_to("/nowhere")
    (root / "gradebook.db-journal.txt").write_text("of the file itself")
    for _ in range(2):
        with closing(sqlite3.connect(root / "gradebook.db")) as formgrader:
            formgrader.execute("update grade set manual_score = 3")  # and not committed yet
            for line in (COPY, PACK, CLOSE):
                typed(line, root)
    assert (tmp_path / "backup-course.tar.gz").stat().st_mode & 0o077 == 0, "grades, and the secret"
    typed(UNPACK, tmp_path)
    (root / "gradebook.db-journal.txt").unlink()
    before, after = tree(root), tree(again)
    for files in (before, after):
        files.pop(next(name for name in files if name.name == "gradebook.db"))
    assert after == before
    outcome = CourseFolder(again).grade()
    assert [(result.unchanged, result.score) for result in outcome.results] == [(True, 7.0), (True, 2.0)]

    shutil.rmtree(root / "submitted/ann")
    (root / "gradebook.db").unlink()
    edited = root / "submitted/ben" / ASSIGNMENT / "adam.ipynb"
    edited.write_text("newer")
    typed(PUT_BACK, tmp_path)
    assert edited.read_text() == "newer"
    assert {result.student: result.score for result in graded.grade("ann").results} == {"ann": 7.0}


def test_a_lost_gradebook_ends_every_command_and_nothing_is_written(graded):
    (graded.root / "gradebook.db").unlink()
    (graded.root / "notebooks").mkdir()  # where a release converts
    before = tree(graded.root)
    for command in ("grade", "report", "release", "export", "feedback"):
        done = graded.run(command, ASSIGNMENT)
        assert done.exit_code == 2, command
        (said,) = done.stderr.splitlines()
        assert "is missing" in said, command
        assert "Put a backup in its place" in said, command
        assert tree(graded.root) == before, command


def test_another_gradebook_is_not_taken_for_the_lost_one(graded, tmp_path):
    gradebook, other = graded.root / "gradebook.db", CourseFolder.make(tmp_path / "other")
    other.submit("cleo")
    other.grade()
    for made in (gradebook.unlink, lambda: shutil.copy(other.root / "gradebook.db", gradebook)):
        made()
        make_tables(create_engine(f"sqlite:///{gradebook}"), "default_course")  # as formgrader does
        before = tree(graded.root)
        done = graded.run("grade 06-adam")
        assert done.exit_code == 2
        assert "knows none of the work graded here" in done.stderr
        assert tree(graded.root) == before


def test_an_erased_student_is_nowhere_and_the_others_are_as_they_were(graded):
    scores = graded.scores("ann")
    before = tree(graded.root, "ann")
    asked = graded.run("student erase ben")
    assert "nothing was erased" in asked.output
    assert (graded.root / "submitted/ben").exists()
    done = graded.run("student erase ben --yes")
    assert done.exit_code == 0, done.output
    assert not tree(graded.root, "ben")
    assert b"ben" not in (graded.root / "gradebook.db").read_bytes()
    assert tree(graded.root, "ann") == before
    assert graded.scores("ann") == scores
    again = graded.run("student erase ben --yes")
    assert again.exit_code == 2
    assert "nothing is stored for 'ben'" in again.output


def test_an_unknown_student_changes_nothing(graded):
    graded.run("due 06-adam '2026-11-20 23:59 Europe/Berlin'")  # a row that is not a student's
    before = tree(graded.root)
    for student in ("nobody", "../ann", "..", "", "*"):
        done = graded.run("student erase", student, "--yes")
        assert done.exit_code == 2, done.output
        assert "nothing is stored" in done.output
    assert tree(graded.root) == before


def test_a_student_whose_id_only_stock_nbgrader_takes_can_be_erased(graded):
    student = "o'brien@x.org"
    with graded.gradebook() as gradebook:
        gradebook.add_student(student)
    graded.submit(student)
    done = graded.run("student erase", student, "--yes")
    assert done.exit_code == 0, done.output
    assert not (graded.root / "submitted" / student).exists()
    assert "nothing is stored" in graded.run("student erase", student, "--yes").output
