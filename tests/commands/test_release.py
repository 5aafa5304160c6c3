"""`autograde release`: one clear line for each thing that can be wrong."""

import shutil

import pytest
from support import ROOT
from typer.testing import CliRunner

from autograde.cli import app


@pytest.fixture
def course(tmp_path):
    shutil.copytree(ROOT / "solutions" / "01-sgd", tmp_path / "solutions" / "01-sgd")
    return tmp_path


def run(*arguments):
    return CliRunner().invoke(app, ["release", *map(str, arguments)])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "--all"),
        (["01-sgd", "--all"], "--all"),
        (["10-none"], "01-sgd"),
        (["01-sgd", "--course-dir", "/no/such/folder"], "/no/such/folder"),
    ],
)
def test_bad_input_gets_one_line_that_says_what_to_do(course, monkeypatch, arguments, said):
    monkeypatch.chdir(course)
    done = run(*arguments)
    assert done.exit_code == 2
    assert said in done.output
    assert len(done.output.strip().splitlines()) == 1


def test_a_course_without_assignments_is_named(tmp_path):
    done = run("--all", "--course-dir", tmp_path)
    assert done.exit_code == 2
    assert "solutions" in done.output


def test_a_text_without_a_notebook_is_an_assignment_and_hands_out_no_solution(course):
    (course / "solutions" / "01-sgd" / "sgd.ipynb").unlink()
    done = run("--all", "--course-dir", course)
    assert done.exit_code == 0, done.output
    assert sorted(path.name for path in (course / "notebooks" / "01-sgd").iterdir()) == ["sgd.ipynb"]
    assert (course / "solutions" / "01-sgd" / "sgd.ipynb").exists()


def test_all_assignments_are_released_and_told(course):
    done = run("--all", "--course-dir", course)
    assert done.exit_code == 0, done.output
    assert (course / "notebooks" / "01-sgd" / "sgd.ipynb").exists()
    assert "released" in done.output
    assert (course / "gradebook.db").exists()


def test_one_that_is_refused_holds_back_no_other_and_is_named_at_the_end(course):
    shutil.copytree(ROOT / "solutions" / "04-adagrad", course / "solutions" / "04-adagrad")
    assert run("--all", "--course-dir", course).exit_code == 0
    released = course / "notebooks" / "01-sgd" / "sgd.ipynb"
    released.write_text(released.read_text().replace("SGD", "sgd", 1))
    (course / "notebooks" / "04-adagrad" / "adagrad.ipynb").unlink()
    done = run("--all", "--course-dir", course)
    assert done.exit_code == 2
    assert (course / "notebooks" / "04-adagrad" / "adagrad.ipynb").exists()
    assert "somebody worked in it" in done.output
    assert done.output.strip().endswith("not released, see above: 01-sgd. All others are released.")
