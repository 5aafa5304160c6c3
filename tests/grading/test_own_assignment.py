"""What `autograde new assignment` makes, released and graded as it is."""

import json
import shutil
import sqlite3
from contextlib import closing

import nbformat
import pytest
from course_folder import CONFIG, hand_in, nbgrader_autograde, run_in
from nbgrader.converters.base import NbGraderException
from typer.testing import CliRunner

from autograde.cli import app
from autograde.errors import UsageError

FULL = {"check-mean": 2, "check-often": 2, "check-smooth": 2, "check-numbers": 1, "words": None}
CLEARS = """
def most_frequent(words):
    found = max(words, key=words.count)
    found = found, words.count(found)
    words.clear()
    return found"""
SHARED = """
class Smooth:
    def __init__(self, share, value):
        Smooth.share, Smooth.value = share, value
    def add(self, number):
        Smooth.value += Smooth.share * (number - Smooth.value)
        return Smooth.value"""


def test_each_kind_of_check_gives_all_points_a_part_or_none(tmp_path):
    course = tmp_path / "course"
    CliRunner().invoke(app, ["new", "course", str(course), "--empty"])
    run_in(course, "new assignment hw1")
    assert run_in(course, "release hw1").exit_code == 0
    hand_in(course, "hw1", "right")
    hand_in(
        course,
        "hw1",
        "half",
        {"often": "def most_frequent(words):\n    return max(words, key=words.count), 2"},
    )
    hand_in(
        course, "hw1", "seen", {"mean": "def weighted_mean(values, weights):\n    return 0.6428571428571429"}
    )
    hand_in(course, "hw1", "shared", {"smooth": SHARED})
    hand_in(course, "hw1", "clears", {"often": CLEARS})
    shutil.copytree(course / "notebooks/hw1", course / "submitted/none/hw1")
    done = run_in(course, "grade hw1 --isolation none --json", str(tmp_path / "r.json"))
    assert done.exit_code == 0, done.output
    results = {one["student"]: one for one in json.loads((tmp_path / "r.json").read_text())}
    cells = {
        student: {cell["grade_id"]: cell["score"] for cell in one["cells"]}
        for student, one in results.items()
    }
    assert cells["right"] == FULL
    assert cells["half"] == FULL | {"check-often": 1}  # the word alone
    assert cells["seen"] == FULL | {"check-mean": 0}
    assert cells["clears"] == FULL | {"check-often": 1.6}
    assert 0 < cells["shared"]["check-smooth"] < 2
    assert cells["none"] == dict.fromkeys(FULL, 0)
    assert {one["max_score"] for one in results.values()} == {10}


def in_another_language(source, kernelspec):
    """A solution notebook as if it were of another kernel."""
    notebook = nbformat.read(source, as_version=4)
    notebook.metadata = {"kernelspec": {"display_name": "another", **kernelspec}}
    nbformat.write(notebook, source)


@pytest.mark.parametrize(
    ("kernelspec", "refused"),
    [
        ({"name": "ir", "language": "R"}, "R"),
        ({"name": "julia-1.11", "language": "julia"}, "julia"),
        ({"name": "octave"}, "octave"),
        ({"name": "conda-env-gpu-py"}, None),
        ({"name": "course", "language": "python"}, None),
    ],
)
def test_release_and_mark_refuse_another_language_in_one_line(tmp_path, kernelspec, refused):
    course = tmp_path / "course"
    CliRunner().invoke(app, ["new", "course", str(course), "--empty"])
    run_in(course, "new assignment hw1")
    source = course / "solutions/hw1/hw1.ipynb"
    in_another_language(source, kernelspec)
    released = run_in(course, "release hw1")
    marked = CliRunner().invoke(app, ["grade-one", __file__, "--key", str(source), "--isolation", "none"])
    for done in (released, marked):
        line = f"hw1.ipynb is for the kernel '{refused}', and only Python notebooks"
        assert (line in done.output) == bool(refused)
        assert (done.exit_code == 2) == bool(refused) or done is marked
        assert refused is None or done.output.count("\n") == 1
    assert (course / "notebooks/hw1/hw1.ipynb").exists() == (refused is None)


def test_what_an_earlier_version_registered_in_another_language_is_not_graded(course, caplog):
    course.submit("ann")
    course.grade()
    with closing(sqlite3.connect(course.root / "gradebook.db")) as gradebook, gradebook:
        gradebook.execute('update notebook set kernelspec = \'{"name": "ir", "language": "R"}\'')
    with pytest.raises(UsageError, match=r"adam\.ipynb is for the kernel 'R'"):
        course.grade(force=True)
    (course.root / "nbgrader_config.py").write_text(CONFIG)
    with pytest.raises(NbGraderException):
        nbgrader_autograde(course)
    assert "adam.ipynb is for the kernel 'R'" in caplog.text
