"""`autograde --help`: few commands, by who runs them; and --course-dir, wherever it stands."""

import re
import shlex

import pytest
from course_folder import ASSIGNMENT
from typer.main import get_command
from typer.testing import CliRunner

from autograde import commands
from autograde.cli import app


def typed(line: str, status: int = 0) -> str:
    done = CliRunner().invoke(app, shlex.split(line))
    assert done.exit_code == status, done.output
    return done.output


def panels() -> dict[str, list[str]]:
    """The commands below each heading."""
    sections = re.findall(r"^(For .*):\n((?:  .*\n)+)", typed("--help"), re.MULTILINE)
    return {heading: re.findall(r"^  ([\w-]+)", rows, re.MULTILINE) for heading, rows in sections}


def test_at_most_twenty_commands_are_listed_each_for_who_runs_it():
    students, lecturers, machines = panels().values()
    assert students == ["lab"]
    assert lecturers[:2] == ["new", "release"]
    assert {"grade", "marks", "feedback"} < set(lecturers)
    assert machines == ["grade-one", "cluster", "doctor"]
    assert len([*students, *lecturers, *machines]) <= 20


@pytest.mark.parametrize("command", ["notebooks", "selftest"])
def test_a_command_that_is_not_listed_can_be_typed_and_is_in_the_reference(command):
    assert all(command not in listed for listed in panels().values())
    typed(f"{command} --help")
    assert command in get_command(app).list_commands(None)


def test_without_the_grader_only_a_students_commands_are_listed(monkeypatch):
    monkeypatch.setattr(commands, "is_installed", lambda extra: extra != "grader")
    assert list(panels().values()) == [["lab"]]


@pytest.fixture
def elsewhere(course, tmp_path, monkeypatch):
    """A course with an assignment; the current folder is another one."""
    empty = tmp_path / "elsewhere"
    empty.mkdir()
    monkeypatch.chdir(empty)
    return course.root


@pytest.mark.parametrize(
    "line",
    [
        "--course-dir DIR due 06-adam",
        "--course-dir=DIR due 06-adam",
        "due 06-adam --course-dir DIR",
        "due --course-dir=DIR 06-adam",
        "due --course-dir DIR -- 06-adam",
    ],
)
def test_another_course_is_named_before_or_behind_the_command(elsewhere, line):
    typed(f"{line} 2026-11-20".replace("DIR", str(elsewhere)))
    assert "2026-11-20" in typed(f"--course-dir {elsewhere} due")
    assert "no course in" in typed("due", status=2)  # the next command is about this folder again


def test_without_a_command_what_waits_in_the_other_course_is_shown(elsewhere):
    assert ASSIGNMENT in typed(f"--course-dir {elsewhere}")


@pytest.mark.parametrize(
    "line",
    [
        "due --course-dir",
        "due --course-dir=",
        "--course-dir '' due",
        "--course-dir . due --course-dir .",
        "due --course-dir=. --course-dir=.",
    ],
)
def test_no_folder_or_two_are_refused_in_one_line(elsewhere, line):
    (said,) = typed(line, status=2).splitlines()
    assert "--course-dir takes one folder" in said


@pytest.mark.parametrize("line", ["due", "release --all", "new assignment x", "lab --no-start"])
def test_a_course_that_is_no_folder_is_refused_in_one_line(elsewhere, line):
    (said,) = typed(f"{line} --course-dir nowhere", status=2).splitlines()
    assert "nowhere" in said
    assert "--course-dir" in said


def every_command(group, before: str = "") -> dict[str, object]:
    found = {}
    for name, command in group.commands.items():
        words = f"{before} {name}".strip()
        found |= every_command(command, words) if hasattr(command, "commands") else {words: command}
    return found


def test_a_command_that_is_about_no_course_refuses_one(elsewhere):
    assert set(commands.WITHOUT_COURSE) < every_command(get_command(app)).keys()
    for words in commands.WITHOUT_COURSE:
        said = typed(f"--course-dir {elsewhere} {words}", status=2)
        assert said == f"autograde {words}: this takes no course: leave out --course-dir.\n"


def test_what_is_behind_two_dashes_is_no_option(elsewhere):
    said = typed(f"new assignment --course-dir {elsewhere} -- --course-dir", status=2)
    assert "'--course-dir' cannot be an assignment's name" in said
