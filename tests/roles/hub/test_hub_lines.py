"""The lines of docs/hub.md for a hub without a shared folder, typed: what they push is what was released."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from support import ROOT
from typer.testing import CliRunner

from autograde.cli import app
from roles.hub.page import LESSON, first_lines, next_lines

SECOND = "01-sgd"
ANSWERS = re.compile(r"### BEGIN SOLUTION\n(.*?)### END SOLUTION", re.DOTALL)
IN_WORDS = re.compile(r"<!-- #region nbgrader=.*?-->\n(.*?)<!-- #endregion -->", re.DOTALL)


def typed(lines: str, folder: Path) -> str:
    who = {
        f"GIT_{role}_{what}": "x@example.org"
        for role in ("AUTHOR", "COMMITTER")
        for what in ("NAME", "EMAIL")
    }
    done = subprocess.run(
        ["bash", "-c", lines], cwd=folder, env=os.environ | who, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def pushed(tmp_path_factory) -> Path:
    """A bare repository with two lessons of a course, and the course next to it."""
    folder = tmp_path_factory.mktemp("git")
    course = folder / "course"
    for lesson in (LESSON, SECOND):
        shutil.copytree(ROOT / "solutions" / lesson, course / "solutions" / lesson)
    typed("git init -q --bare -b main lessons", folder)
    for lesson, lines in ((LESSON, first_lines(str(folder / "lessons"))), (SECOND, next_lines(SECOND))):
        done = CliRunner().invoke(app, ["release", lesson, "--course-dir", str(course)])
        assert done.exit_code == 0, done.output
        typed(lines, course)
    return folder


def everything(pushed: Path) -> dict[str, str]:
    """Each file of each commit, by name."""
    listed = typed("git rev-list --objects --all --no-object-names --filter=object:type=blob "
                   "--filter-provided-objects", pushed / "lessons")  # fmt: skip
    return {name: typed(f"git cat-file blob {name}", pushed / "lessons") for name in listed.split()}


def answers(course: Path) -> set[str]:
    """Each line of code or words that answers something, as a notebook's JSON has it."""
    texts = [path.read_text(encoding="utf-8") for path in (course / "solutions").glob("*/*.md")]
    found = [part for text in texts for part in (*ANSWERS.findall(text), *IN_WORDS.findall(text))]
    lines = {line.strip() for part in found for line in part.splitlines()}
    return {line for line in lines if len(line) > 25 and line[0] != "#" and line[-1] != ":"}


def test_what_is_pushed_is_what_was_released(pushed):
    typed("git clone -q lessons copy", pushed)
    files = [path for path in (pushed / "copy").rglob("*") if path.is_file() and ".git" not in path.parts]
    names = {str(path.relative_to(pushed / "copy")) for path in files}
    assert names == {f"{LESSON}/adam.ipynb", f"{SECOND}/sgd.ipynb"}
    for name in names:
        assert (pushed / "copy" / name).read_bytes() == (pushed / "course/notebooks" / name).read_bytes()


def test_no_commit_holds_a_solution(pushed):
    blobs = everything(pushed)
    assert len(blobs) == 2
    wanted = answers(pushed / "course")
    assert len(wanted) > 20
    for text in blobs.values():
        assert "BEGIN SOLUTION" not in text
        assert [line for line in wanted if line.replace('"', '\\"') in text] == []


def test_a_release_again_leaves_the_repository_alone(pushed):
    """The folder's own `.git` is neither an assignment nor in the way."""
    done = CliRunner().invoke(app, ["release", "--all", "--course-dir", str(pushed / "course")])
    assert done.exit_code == 0, done.output
    assert typed("git status --porcelain", pushed / "course/notebooks") == ""
