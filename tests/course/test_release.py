"""`autograde release`: one clear line for each thing that can be wrong."""

import shutil

import pytest
from nbgrader.api import Gradebook
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
        *(
            ([path], f"'{path}' is not an assignment's name")
            for path in (".", "..", "solutions/01-sgd", "../01-sgd")
        ),
        (["01-sgd", "--course-dir", "/no/such/folder"], "/no/such/folder"),
    ],
)
def test_bad_input_gets_one_line_that_says_what_to_do(course, monkeypatch, arguments, said):
    monkeypatch.chdir(course)
    done = run(*arguments)
    assert done.exit_code == 2
    assert said in done.output
    assert len(done.output.strip().splitlines()) == 1


def test_a_name_completed_as_a_folder_is_that_name(course, monkeypatch):
    monkeypatch.chdir(course)
    assert run("01-sgd/").exit_code == 0
    with Gradebook(f"sqlite:///{course}/gradebook.db") as gradebook:
        assert [assignment.name for assignment in gradebook.assignments] == ["01-sgd"]


WINDOWS = b"\xef\xbb\xbf"  # before UTF-8


@pytest.mark.parametrize("command", [["release", "01-sgd"], ["notebooks"]])
@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("η".encode("utf-16"), "sgd.md is not UTF-8: save it as UTF-8"),
        (b" \n", "sgd.md is empty"),
        (b"---\njupyter: [\n---\n\n# SGD\n", "sgd.md cannot be read as a lesson: "),
    ],
)
def test_a_text_that_is_no_lesson_is_named_and_its_notebook_stays(course, monkeypatch, command, text, words):
    monkeypatch.chdir(course)
    notebook = course / "solutions/01-sgd/sgd.ipynb"
    before = notebook.read_bytes()
    (course / "solutions/01-sgd/sgd.md").write_bytes(text)
    done = CliRunner().invoke(app, command)
    assert (done.exit_code, notebook.read_bytes()) == (2, before), done.output
    (line,) = done.output.strip().splitlines()
    assert line.startswith(f"autograde {command[0]}: solutions/01-sgd/{words}")


def test_a_text_as_windows_saves_it_and_one_without_a_header_are_lessons(course):
    text, released = course / "solutions/01-sgd/sgd.md", course / "notebooks/01-sgd/sgd.ipynb"
    assert run("01-sgd", "--course-dir", course).exit_code == 0
    before, source = released.read_bytes(), text.read_bytes()
    text.write_bytes(WINDOWS + source)
    assert run("01-sgd", "--course-dir", course).exit_code == 0
    assert released.read_bytes() == before
    text.write_bytes(source.split(b"\n---\n\n", 1)[1])
    assert run("01-sgd", "--course-dir", course).exit_code == 0
    assert released.read_bytes() == before


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
