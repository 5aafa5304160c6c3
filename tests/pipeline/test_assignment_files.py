"""The files that an assignment has next to its notebook are there when it is graded."""

import pytest
from course_folder import ASSIGNMENT, CONFIG, NoSandbox, answer, lesson, nbgrader_autograde, scores
from rich.console import Console

from autograde.course.course import Course
from autograde.errors import UsageError
from autograde.grading.terminal import Progress
from autograde.pipeline.settings import MOST_BYTES, assignment_files, may_draw
from autograde.sandbox import Pool


def given(course) -> dict[str, bytes]:
    return assignment_files(Course.open(course.root), ASSIGNMENT)


@pytest.fixture
def release(course):
    """The assignment's folder as students get it."""
    course.configure(CONFIG)
    folder = course.root / "notebooks" / ASSIGNMENT
    folder.mkdir(parents=True)
    return folder


def test_files_of_the_release_are_given_and_nothing_else(course, release, tmp_path):
    (tmp_path / "secret").write_text("not theirs")
    (release / "data").mkdir()
    (release / "data/two.csv").write_text("2")
    (release / "adam.ipynb").write_text("{}")
    (release / "link").symlink_to(tmp_path / "secret")
    (release / ".ipynb_checkpoints").mkdir()
    (release / ".ipynb_checkpoints/adam-checkpoint.ipynb").write_text("{}")
    (course.root / "solutions" / ASSIGNMENT / "answers.txt").write_text("not theirs")
    assert given(course) == {"data/two.csv": b"2"}


def test_an_assignment_may_draw_where_its_notebook_does_or_is_missing(course):
    notebook = course.root / "solutions" / ASSIGNMENT / "adam.ipynb"
    opened = Course.open(course.root)
    assert not may_draw(opened, ASSIGNMENT)
    notebook.write_text(notebook.read_text().replace("import numpy as np", "from descentlab import figures"))
    assert may_draw(opened, ASSIGNMENT)
    notebook.unlink()
    assert may_draw(opened, ASSIGNMENT)


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


def test_a_changed_file_grades_its_assignment_again_and_says_so(course, release, capsys):
    data = release / "data.csv"
    data.write_text("2")
    course.submit("s01")
    course.submit("s02")
    course.grade()
    assert all(result.unchanged for result in course.grade().results)
    data.write_text("3")
    course.grade(rejudge=True)  # which runs nothing
    with Progress(Console(stderr=True)) as progress:
        course.grade(watcher=progress.watcher())
    assert "regrading 2 submissions: released files" in capsys.readouterr().err
    again = course.grade()
    assert all(result.unchanged for result in again.results)
    assert again.released_anew == 0


def test_a_changed_check_grades_again_and_a_new_stub_does_not(course):
    course.submit("s01", answer(half="return x - 2"))
    course.submit("broken", b"{}")
    assert course.scores() == {"broken": None, "s01": 7.0}
    source = lesson().cells[3].source
    course.edit(lambda notebook: notebook.cells[3].update(source=source.replace("x / 2", "x * 0.5")))
    course.register()
    assert all(result.unchanged for result in course.grade().results)
    course.edit(lambda notebook: notebook.cells[4].update(source="assert half(4) == half(8) / 2 == 2"))
    course.register()
    outcome = course.grade()
    assert outcome.released_anew == 2
    assert [result.score for result in outcome.results] == [None, 5.0]


@pytest.mark.needs("bubblewrap")
def test_a_notebook_that_reads_them_gets_its_points_in_both_pipelines(course, release):
    (release / "data").mkdir()
    (release / "data/two.csv").write_text("2")
    course.grade_one(answer(half="return x / int(open('data/two.csv').read())"), pool=Pool)
    ours = scores(course)
    assert ours["s01", "test-half"] == 2.0
    nbgrader_autograde(course)
    assert scores(course) == ours
