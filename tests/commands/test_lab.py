"""`autograde lab`: copies that are the student's own."""

import pytest
from typer.testing import CliRunner

from autograde.cli import app
from autograde.commands.lab import copy_lessons, jupyterlab


@pytest.fixture
def course(tmp_path):
    for name in ("01-sgd/sgd.ipynb", "06-adam/adam.ipynb", "06-adam/data/points.csv"):
        path = tmp_path / "notebooks" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    (tmp_path / "notebooks" / "06-adam" / ".ipynb_checkpoints").mkdir()
    (tmp_path / "notebooks" / "06-adam" / ".ipynb_checkpoints" / "adam.ipynb").write_text("old")
    return tmp_path


def test_lessons_and_their_files_are_copied_once(course):
    added = [path.relative_to(course / "my-course").as_posix() for path in copy_lessons(course)]
    assert added == ["01-sgd/sgd.ipynb", "06-adam/adam.ipynb", "06-adam/data/points.csv"]
    assert copy_lessons(course) == []


def test_what_a_student_wrote_is_kept_and_new_lessons_are_added(course):
    copy_lessons(course)
    mine = course / "my-course" / "06-adam" / "adam.ipynb"
    mine.write_text("mine")
    new = course / "notebooks" / "07-comparison" / "comparison.ipynb"
    new.parent.mkdir()
    new.write_text("new")
    (course / "notebooks" / "06-adam" / "adam.ipynb").write_text("a newer release")
    assert [path.name for path in copy_lessons(course)] == ["comparison.ipynb"]
    assert mine.read_text() == "mine"


def test_the_root_of_jupyterlab_is_the_courses_so_that_formgrader_works(course):
    command = jupyterlab(course, 8890, browser=False)
    assert f"--ServerApp.root_dir={course}" in command
    assert "--LabApp.default_url=/lab/tree/my-course" in command
    assert "--no-browser" in command


def test_without_released_lessons_one_line_says_what_to_do(tmp_path):
    done = CliRunner().invoke(app, ["lab", "--course-dir", str(tmp_path), "--no-start"])
    assert done.exit_code == 2
    assert "--course-dir" in done.output
    assert len(done.output.strip().splitlines()) == 1


def test_the_command_says_what_it_copied(course):
    done = CliRunner().invoke(app, ["lab", "--course-dir", str(course), "--no-start"])
    assert done.exit_code == 0
    assert "copied" in done.output
    again = CliRunner().invoke(app, ["lab", "--course-dir", str(course), "--no-start"])
    assert "nothing new" in again.output
