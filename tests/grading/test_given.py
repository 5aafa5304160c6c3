"""The files that an assignment has beside its notebook are there when it is graded."""

from __future__ import annotations

import pytest

from autograde.errors import UsageError
from autograde.grading.course import Course
from autograde.grading.given import MOST_BYTES, given_files
from autograde.sandbox import Limits
from grading.small_course import ASSIGNMENT, NoSandbox, answer
from grading.test_nbgrader_steps import CONFIG, nbgrader_autograde, scores


def given(course) -> dict[str, bytes]:
    return given_files(Course.open(course.root), ASSIGNMENT, Limits())


@pytest.fixture
def release(course):
    """The assignment's folder as students get it."""
    (course.root / "nbgrader_config.py").write_text(CONFIG)
    folder = course.root / "notebooks" / ASSIGNMENT
    folder.mkdir(parents=True)
    return folder


def reads_data(notebook):
    notebook.cells[3].source = "def half(x):\n    return x / int(open('data/two.csv').read())"


def test_files_of_the_release_are_given_and_nothing_else(course, release, tmp_path):
    (tmp_path / "secret").write_text("not theirs")
    (release / "data").mkdir()
    (release / "data" / "two.csv").write_text("2")
    (release / "adam.ipynb").write_text("{}")
    (release / "link").symlink_to(tmp_path / "secret")
    (release / ".ipynb_checkpoints").mkdir()
    (release / ".ipynb_checkpoints" / "adam-checkpoint.ipynb").write_text("{}")
    (course.root / "solutions" / ASSIGNMENT / "answers.txt").write_text("not theirs")
    assert given(course) == {"data/two.csv": b"2"}


def test_without_a_release_there_are_none(course):
    assert given(course) == {}


def test_files_that_are_too_large_are_said_before_anything_is_graded(course, release):
    with (release / "large.bin").open("wb") as large:
        large.truncate(MOST_BYTES + 1)
    course.submit("s01")
    with pytest.raises(UsageError, match="larger than 16 MiB"):
        course.grade()
    assert not (course.root / "autograded").exists()


def test_every_submission_is_run_with_them_and_its_own_files_are_named(course, release):
    seen = []

    class Sees(NoSandbox):
        def submit_run(self, cells, seed, limits=None, files=None):
            seen.append(files)
            return super().submit_run(cells, seed, limits, files)

    (release / "data.csv").write_text("2")
    course.submit("s01")
    theirs = course.submit("s02").parent
    for name in ("data.csv", "timestamp.txt", ".hidden"):
        (theirs / name).write_text("2026-11-20 10:00:00 UTC")
    first, second = course.grade(pool=Sees).results
    assert first.notes == ()
    assert second.notes == ("files of the submission that were not used: 'data.csv'",)
    assert seen == [{"data.csv": b"2"}] * 2


@pytest.mark.needs("bubblewrap")
def test_a_notebook_that_reads_them_gets_its_points_on_both_roads(course, release):
    from autograde.sandbox import Pool

    (release / "data").mkdir()
    (release / "data" / "two.csv").write_text("2")
    course.submit("s01", answer(student=reads_data))
    course.grade(pool=Pool)
    ours = scores(course)
    assert ours["s01", "test-half"] == 2.0
    nbgrader_autograde(course)
    assert scores(course) == ours
