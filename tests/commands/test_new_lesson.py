"""`autograde new lesson`: in a clone a lesson that runs as it is, or one line and nothing made."""

import os
import re
import subprocess
import sys

import pytest
from support import ROOT
from typer.testing import CliRunner

from autograde.cli import app
from autograde.files import put

MADE = {
    "solutions/09-lion/lion.md",
    *(
        f"src/descentlab/exercises/lion/{file}"
        for file in ("__init__.py", "checks.py", "reference.py", "hints.md", "mistakes.md")
    ),
}
STAGING = "autograde/sandbox/staging.py"
# They wait for the author, and pass when the lesson is written.
HOLD_THE_AUTHOR = {"test_at_least_five_claims_are_measured_and_all_agree", "test_every_figure_has_words"}


def git(folder, *words):
    done = subprocess.run(["git", "-C", folder, *words], check=True, capture_output=True, text=True)
    return done.stdout


def cloned(folder):
    git(ROOT, "clone", "--quiet", "--no-hardlinks", ".", str(folder))
    return folder


def make(clone, name):
    return CliRunner().invoke(app, ["new", "lesson", "--clone", str(clone), "--", name])


def changes(clone):
    """What git sees in the clone: each file that is new, and each that is another."""
    lines = git(clone, "status", "--porcelain", "--untracked-files=all").splitlines()
    return {line[3:] for line in lines}


@pytest.fixture(scope="module")
def clone(tmp_path_factory):
    """A clone in which nothing is made."""
    return cloned(tmp_path_factory.mktemp("bare") / "clone")


@pytest.fixture(scope="module")
def lesson(tmp_path_factory):
    """A clone with a lesson, and what the command said."""
    clone = cloned(tmp_path_factory.mktemp("lesson") / "clone")
    done = make(clone, "09-lion")
    assert done.exit_code == 0, done.output
    return clone, done.output


def in_clone(clone, *words):
    """A module run with the clone's own code."""
    path = os.pathsep.join([str(clone / "src"), str(clone)])
    env = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    return subprocess.run(
        [sys.executable, "-m", *words],
        cwd=clone,
        env=env | {"PYTHONPATH": path},
        capture_output=True,
        text=True,
    )


def failed(clone, *words):
    """The names of the tests that fail."""
    done = in_clone(clone, "pytest", "-q", "-p", "no:cacheprovider", *words)
    assert re.search(r"\d+ passed", done.stdout), done.stdout + done.stderr
    assert "error" not in done.stdout.splitlines()[-1]
    return set(re.findall(r"^FAILED [^:]*::(\w+)", done.stdout, flags=re.MULTILINE))


def test_its_files_are_new_and_one_line_is_in_the_sandboxs_list(lesson):
    clone, said = lesson
    assert changes(clone) == MADE | {STAGING}
    added = [line for line in git(clone, "diff", "-U0", STAGING).splitlines() if re.match(r"[+-] ", line)]
    assert added == ['+    "exercises/lion": "__init__.py checks.py",']
    assert all(file in said for file in MADE | {STAGING})


def test_the_tests_of_every_exercise_pass_at_once(lesson):
    clone, _ = lesson
    of_exercises = ["tests/checks/test_right_and_wrong.py", "tests/checks/test_odd_answers.py"]
    of_exercises += ["tests/sandbox/test_allowed.py", "tests/lessons/test_hints.py"]
    of_exercises += ["tests/diagnosis/test_catalogue.py", "tests/diagnosis/test_functions.py"]
    assert failed(clone, *of_exercises, "-k", "lion or withheld") == set()


def test_its_notebooks_are_made_and_run_to_their_end_and_only_the_tests_that_hold_the_author_fail(lesson):
    clone, _ = lesson
    made = in_clone(clone, "autograde", "notebooks")
    assert "wrote notebooks/09-lion/lion.ipynb" in made.stdout, made.stderr
    assert failed(clone, "tests/lessons", "-k", "lion") == HOLD_THE_AUTHOR


def test_what_it_makes_is_written_as_the_house_writes(lesson, tmp_path):
    """The longest name, too: no line grows over the limit."""
    longest = cloned(tmp_path / "clone")
    assert make(longest, f"99-{'m' * 20}").exit_code == 0
    for clone, name in ((lesson[0], "lion"), (longest, "m" * 20)):
        files = [f"src/descentlab/exercises/{name}", STAGING]
        for words in (["check"], ["format", "--check"]):
            done = in_clone(clone, "ruff", *words, "--no-cache", *files)
            assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("lion", "two digits"),
        ("9-lion", "two digits"),
        ("09-", "two digits"),
        ("", "two digits"),
        ("09-a lion", "two digits"),
        ("09-lion\n", "two digits"),
        ("09-../lion", "two digits"),
        ("09-Lion", "two digits"),
        ("09-weight-decay", "two digits"),
        ("٠٩-lion", "two digits"),
        (f"09-{'m' * 21}", "two digits"),
        ("09-lambda", "a word of Python"),
        ("06-adam", "solutions/06-adam is there already"),
        ("06-lion", "solutions/06-adam is there already"),
        ("09-adam", "solutions/06-adam is there already"),
        ("09-catalogue", "catalogue.py is there already"),
    ],
)
def test_a_name_that_cannot_be_a_lessons_or_is_taken_is_one_line_and_nothing_is_made(clone, name, said):
    refused(make(clone, name), said)
    assert changes(clone) == set()


def refused(done, said):
    assert done.exit_code == 2, done.output
    (line,) = done.output.strip().splitlines()
    assert line.startswith("autograde new lesson: ")
    assert said in line


def test_a_second_time_is_refused_and_the_first_lesson_stays(lesson):
    clone, _ = lesson
    text = clone / "solutions/09-lion/lion.md"
    before = text.read_bytes(), (clone / STAGING).read_bytes()
    refused(make(clone, "09-lion"), "is there already")
    assert (text.read_bytes(), (clone / STAGING).read_bytes()) == before


def test_outside_a_clone_nothing_is_made(tmp_path):
    refused(make(tmp_path, "09-lion"), "no clone of descentlab")
    refused(make(tmp_path / "none", "09-lion"), "no clone of descentlab")
    (tmp_path / "solutions").mkdir()  # a course's folder is none
    refused(make(tmp_path, "09-lion"), "no clone of descentlab")
    assert os.listdir(tmp_path) == ["solutions"]


def test_a_list_of_another_form_is_refused(tmp_path):
    clone = cloned(tmp_path / "clone")
    (clone / STAGING).write_text("ALLOWED = {}\n")
    refused(make(clone, "09-lion"), "lists no exercises")
    assert changes(clone) == {STAGING}


@pytest.mark.parametrize("place", ["lion.md", "mistakes.md", "staging.py"])
@pytest.mark.parametrize("stopped", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_what_is_stopped_halfway_leaves_the_clone_as_it_was(clone, monkeypatch, place, stopped):
    def breaks(path, data, mode=None):
        if path.name == place:
            raise stopped
        put(path, data, mode)

    monkeypatch.setattr("autograde.course.creation.put", breaks)
    assert make(clone, "09-lion").exit_code != 0
    assert changes(clone) == set()
    assert not list(clone.glob(".new-lesson-*"))
