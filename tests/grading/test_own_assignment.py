"""What `autograde new assignment` makes, graded as nbgrader grades it."""

import json
import shutil

import nbformat
from typer.testing import CliRunner

from autograde.cli import app

FROM_MEMORY = "def squares(numbers):\n    return [n * n for n in numbers[:1]]"


def run(course, *arguments):
    return CliRunner().invoke(app, [*arguments, "--course-dir", str(course)])


def hand_in(course, student, **answers):
    """The solved notebook with other answers, by grade_id."""
    released = nbformat.read(course / "notebooks/hw1/hw1.ipynb", as_version=4)
    solved = nbformat.read(course / "solutions/hw1/hw1.ipynb", as_version=4)
    right = {cell.id: cell.source for cell in solved.cells}
    for cell in released.cells:
        given = cell.metadata.get("nbgrader", {})
        if given.get("solution"):
            cell.source = answers.get(given["grade_id"], right[given["grade_id"]])
    folder = course / "submitted" / student / "hw1"
    folder.mkdir(parents=True)
    nbformat.write(released, folder / "hw1.ipynb")


def test_the_right_answer_half_an_answer_and_one_for_the_seen_test_alone(tmp_path):
    course = tmp_path / "course"
    CliRunner().invoke(app, ["new", "course", str(course), "--empty"])
    run(course, "new", "assignment", "hw1")
    assert run(course, "release", "hw1").exit_code == 0
    hand_in(course, "right")
    hand_in(course, "half", squares=FROM_MEMORY)
    hand_in(course, "seen", double="def double(x):\n    return 4")
    shutil.copytree(course / "notebooks/hw1", course / "submitted/none/hw1")
    done = run(course, "grade", "hw1", "--isolation", "none", "--json", str(tmp_path / "r.json"))
    assert done.exit_code == 0, done.output
    results = {one["student"]: one for one in json.loads((tmp_path / "r.json").read_text())}
    cells = {
        student: {cell["grade_id"]: cell["score"] for cell in one["cells"]}
        for student, one in results.items()
    }
    assert cells["right"] == {"test-double": 4, "test-squares": 3, "words": None}
    assert cells["half"]["test-squares"] == 1
    assert cells["seen"]["test-double"] == 0
    assert cells["none"]["test-double"] == cells["none"]["test-squares"] == 0
    assert {one["max_score"] for one in results.values()} == {10}
