"""`autograde lab`: copies that are the student's own."""

import json
import os
import re
from contextlib import chdir
from pathlib import Path

import pytest
from typer.testing import CliRunner

from autograde.cli import app
from autograde.installed import released_lessons
from autograde.lab.workspace import copy_lessons, environment, jupyter, lessons_of
from verdicts.notebook.course_copy import lines


@pytest.fixture
def course(tmp_path):
    for name in (
        "01-sgd/sgd.ipynb",
        "06-adam/adam.ipynb",
        "06-adam/data/points.csv",
        "06-adam/.ipynb_checkpoints/adam.ipynb",
    ):
        path = tmp_path / "course" / "notebooks" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps({"cells": [name]}))
    return tmp_path / "course"


@pytest.fixture
def here(tmp_path, monkeypatch):
    """The folder a student is in."""
    folder = tmp_path / "student"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def lab(*words):
    return CliRunner().invoke(app, ["lab", "--no-start", *map(str, words)])


def test_lessons_and_their_files_are_copied_once(course, here):
    mine = here / "my-course"
    added = [path.relative_to(mine).as_posix() for path in copy_lessons(course / "notebooks", mine)]
    assert added == ["01-sgd/sgd.ipynb", "06-adam/adam.ipynb", "06-adam/data/points.csv"]
    assert copy_lessons(course / "notebooks", mine) == []


def test_what_a_student_wrote_is_kept_and_new_lessons_are_added(course, here):
    lab("--course-dir", course)
    mine = here / "my-course" / "06-adam" / "adam.ipynb"
    mine.write_text(json.dumps({"cells": ["mine"]}))
    new = course / "notebooks/07-comparison"
    new.mkdir()
    (new / "comparison.ipynb").write_text(json.dumps({"cells": []}))
    (course / "notebooks/06-adam/adam.ipynb").write_text("a newer release")
    done = lab("--course-dir", course)
    assert done.output.split() == ["copied", os.path.join("my-course", "07-comparison", "comparison.ipynb")]
    assert "mine" in mine.read_text()


@pytest.mark.parametrize("inside", ["my-course", "my-course/06-adam"])
def test_typed_in_the_copies_it_opens_these_and_makes_no_others_in_them(course, here, monkeypatch, inside):
    lab("--course-dir", course)
    files = sorted(here.rglob("*"))
    monkeypatch.chdir(here / inside)
    done = lab("--course-dir", course)
    assert "nothing new" in done.output
    assert sorted(here.rglob("*")) == files


def test_a_copy_of_an_earlier_version_is_kept_and_named(course, here):
    """Each released notebook holds a digest of what was handed out."""
    notebook = course / "notebooks/06-adam/adam.ipynb"
    for version in ("one", "two"):
        notebook.write_text(
            json.dumps({"cells": [version], "metadata": {"descentlab": {"released": version}}})
        )
        done = lab("--course-dir", course)
    assert "adam.ipynb has a new version" in done.output
    assert "one" in (here / "my-course/06-adam/adam.ipynb").read_text()


def test_the_start_page_says_where_to_go_on_and_opens_first(here):
    lab()
    page = here / "my-course" / "START.md"
    assert "**Start here: [00 Gradients" in page.read_text()
    rows = [line for line in page.read_text().splitlines() if " points | 0 of " in line]
    assert len(rows) == len(list(released_lessons().glob("*/*.ipynb")))
    assert all(re.search(r"\? \| \d+ min, \d+ points \| \d+ min, \d+ points \|", row) for row in rows)
    assert "0 of 17" in next(row for row in rows if "01-sgd" in row), "a check called again counts once"
    progress = here / "my-course" / ".descentlab" / "progress.json"
    progress.parent.mkdir()
    core = "sgd/update", "sgd/worst-factor", "sgd/best-lr"
    passed = {
        line.check: [line.points, line.points]
        for line in own_lines(here)
        if line.lesson == "00-gradients" or line.check in core
    }
    progress.write_text(json.dumps(passed))
    lab()
    assert "**Continue here: [01 " in page.read_text()
    assert [row[:6] for row in page.read_text().splitlines() if " points ✓ |" in row] == ["| [00 ", "| [01 "]
    assert "--LabApp.default_url=/lab/tree/START.md" in jupyter("jupyterlab", page.parent, 8888, True)


def own_lines(here):
    with chdir(here / "my-course"):
        return [line for line in lines() if line.link]


def test_a_courses_folder_of_that_name_is_no_students(course, monkeypatch):
    own = course.rename(course.with_name("my-course"))
    (own / "nbgrader_config.py").write_text("")
    monkeypatch.chdir(own)
    assert "copied" in lab().output
    assert (own / "my-course/06-adam/adam.ipynb").is_file()


def test_the_root_of_jupyterlab_is_the_students_folder(here):
    command = jupyter("jupyterlab", here / "my-course", 8890, browser=False)
    assert f"--ServerApp.root_dir={here / 'my-course'}" in command
    assert "--no-browser" in command


def test_without_a_course_the_lessons_that_were_installed_are_opened(here):
    assert lessons_of(None) == released_lessons()
    assert len(list(released_lessons().glob("*/*.ipynb"))) == 11


def test_in_a_courses_folder_its_own_lessons_are_opened(course, monkeypatch):
    monkeypatch.chdir(course)
    assert lessons_of(None) == released_lessons()  # a folder `notebooks` alone is anybody's
    (course / "nbgrader_config.py").touch()
    assert lessons_of(None).resolve() == course / "notebooks"


def test_without_released_lessons_one_line_says_what_to_do(here):
    done = lab("--course-dir", here)
    assert done.exit_code == 2
    assert "--course-dir" in done.output
    assert len(done.output.strip().splitlines()) == 1


@pytest.mark.parametrize("place", ["my-course", "my-course/06-adam"])
def test_a_file_in_the_place_of_a_folder_is_named(course, here, place):
    (here / place).parent.mkdir(exist_ok=True)
    (here / place).write_text("mine")
    done = lab("--course-dir", course)
    assert done.exit_code == 2
    (line,) = done.output.splitlines()
    assert str(here / place) in line
    assert "Not a directory" in line or "File exists" in line
    assert (here / place).read_text() == "mine"


@pytest.mark.parametrize("student", [True, False])
def test_nobody_is_asked_for_jupyters_news(tmp_path, student, monkeypatch):
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", "/etc/hub")
    first, *rest = environment(tmp_path, student)["JUPYTER_CONFIG_PATH"].split(os.pathsep)
    assert rest == ["/etc/hub"], "the role's settings come before those of a hub"
    disabled = json.loads(Path(first, "labconfig/page_config.json").read_text())["disabledExtensions"]
    assert disabled["@jupyterlab/apputils-extension:announcements"]
    assert ("@jupyter/nbgrader:formgrader" in disabled) == student


def test_a_home_that_cannot_be_written_is_not_used(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path / "none"))
    monkeypatch.setenv("USERPROFILE", str(tmp_path / "none"))
    monkeypatch.delenv("IPYTHONDIR", raising=False)
    monkeypatch.setenv("MPLCONFIGDIR", "chosen")
    places = environment(tmp_path, student=True)
    assert places["MPLCONFIGDIR"] == "chosen"
    assert Path(places["IPYTHONDIR"]).is_relative_to(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    assert "IPYTHONDIR" not in environment(tmp_path, student=True)
