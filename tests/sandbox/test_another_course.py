"""The grader needs no course of this project: it grades another one where descentlab is not there."""

import json
import re
import shutil

import nbformat
import pytest
from course_folder import marks
from nbformat.v4 import new_code_cell, new_notebook

from sandbox.installations import ELSEWHERE, Environment, put_package, put_project
from sandbox.test_installed import command

pytestmark = pytest.mark.needs("bubblewrap")

COURSE = """
from verdicts.courses import CourseContent, BoxFiles
from verdicts.spec import FunctionCheck, probe

CHECKS = {"halves/half": FunctionCheck(
    name="halves/half", probes=lambda rng: [probe("a number", x=rng.uniform(1, 2))], section="halves, half")}

class Halves(CourseContent):
    def checks(self):
        return CHECKS

    def box_files(self, names, for_solution=False):
        return BoxFiles(("__init__.py", "course.py"), CHECKS)

    def reference(self, check):
        from halves.answers import half

        return half
"""
ANSWERS = "def half(data):\n    return data['x'] / 2\n"
NO_LESSONS = "no installed course comes with lessons: descentlab is missing. Install it again."
LOOK = """import halves.answers
try:
    print(halves.answers.half({"x": 1.0}))
except Exception as error:
    print(error)"""


def notebook(answer: str):
    return new_notebook(
        cells=[
            new_code_cell("from verdicts import check", id="imports"),
            new_code_cell(answer, id="half", metadata=marks("half", solution=True)),
            new_code_cell(
                'check("halves/half", half, points=2)',
                id="check",
                metadata=marks("check-half", 2, locked=True),
            ),
            new_code_cell(LOOK, id="look"),
        ],
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
    )


def test_another_course_is_graded_where_descentlab_is_not_there_and_one_cannot_be_loaded(tmp_path):
    environment = Environment.venv(tmp_path / "environment").use(ELSEWHERE)
    put_project(environment.site)
    shutil.rmtree(environment.site / "descentlab")
    points = environment.site / "descentlab-0.1.0.dist-info/entry_points.txt"
    points.write_text(re.sub("(?m)^descentlab = .*$", "", points.read_text()))
    put_package(environment.site, "halves", course=COURSE, answers=ANSWERS)
    about = environment.site / "halves-1.dist-info/entry_points.txt"
    about.write_text("[verdicts.courses]\nhalves = halves.course:Halves\nbroken = halves.nowhere:Course\n")
    answers = {
        "solutions": "def half(x):\n    ### BEGIN SOLUTION\n    return x / 2\n    ### END SOLUTION",
        "submitted/right": "def half(x):\n    return 0.5 * x",
        "submitted/wrong": "def half(x):\n    return x",
    }
    for folder, answer in answers.items():
        (place := tmp_path / "course" / folder / "halves").mkdir(parents=True)
        nbformat.write(notebook(answer), place / "halves.ipynb")
    done = command(
        environment,
        "grade",
        "halves",
        "--course-dir",
        tmp_path / "course",
        "--json",
        tmp_path / "results.json",
    )
    assert done.returncode == 0, done.stdout + done.stderr
    results = json.loads((tmp_path / "results.json").read_text())
    assert {one["student"]: one["score"] for one in results} == {"right": 2.0, "wrong": 0.0}
    graded = nbformat.read(tmp_path / "course/autograded/wrong/halves/halves.ipynb", as_version=4)
    assert "In every example your result is twice the expected one." in str(graded.cells[2].outputs)
    said = graded.cells[3].outputs[0].text
    assert said == "halves.answers.half is not there while grading: use your own code here, or the check.\n"
    tried = command(environment, "doctor", "--quiet", "--course-dir", tmp_path / "course")
    broken = "the course broken cannot be loaded: ModuleNotFoundError: No module named 'halves.nowhere'\n"
    assert (tried.returncode, tried.stdout, tried.stderr) == (0, "", broken)
    for name in ("lab", "demo"):
        tried = command(environment, name)
        assert (tried.returncode, tried.stderr) == (2, f"autograde {name}: {NO_LESSONS}\n")
