"""A teacher's own test cells: cheap tricks are undone before them, and event hooks make their points wait."""

import csv
import json
import shutil

import nbformat
import pytest
from course_folder import marks, run_in, shown
from nbformat.v4 import new_code_cell, new_notebook
from typer.testing import CliRunner

from autograde.cli import app
from autograde.grading.grade_class import GradeOptions, grade_class
from autograde.sandbox import Pool

pytestmark = pytest.mark.needs("bubblewrap")

SOLVED = "def f(x):\n    ### BEGIN SOLUTION\n    return x * x\n    ### END SOLUTION"
TEST = "assert callable(f)\n### BEGIN HIDDEN TESTS\nassert f(31337) == 982007569\n### END HIDDEN TESTS"
TREES = """
import ast
class T(ast.NodeTransformer):
    def visit_Assert(self, node):
        return ast.Pass()
get_ipython().ast_transformers.append(T())"""
HOOK = 'get_ipython().events.register("pre_run_cell", lambda info: None)'
TRICKS = {
    "ast-transformer": TREES,
    "input-transformer": "get_ipython().input_transformers_post.append(lambda lines: ['1'])",
    "other-transformer": "get_ipython().input_transformers_cleanup.append(lambda lines: ['1'])",
    "builtin": "import builtins\nbuiltins.callable = lambda f: True\nf = 1",
    "shell": "get_ipython().run_cell_async = None",
    "tracer": "import sys\nsys.settrace(lambda *a: None)",
}
PLOTS = "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()"
USES = {
    "libraries": f"""
from ipywidgets import interact
from IPython.display import HTML, display
from descentlab import check, predict
from descentlab.explorers import explore_figure
interact(lambda x: x, x=1)
display(HTML('<b>1</b>'))
{PLOTS}""",
    "figures in the page, and a hook of the teacher's": f"%matplotlib inline\n{PLOTS}\n{HOOK}",
}


def assignment(course, first):
    """An own assignment whose first cell the teacher wrote, released."""
    CliRunner().invoke(app, ["new", "course", str(course), "--empty"])
    cells = [
        new_code_cell(first, id="first"),
        new_code_cell(SOLVED, id="f", metadata=marks("f", solution=True)),
        new_code_cell(TEST, id="test-f", metadata=marks("test-f", 5, locked=True)),
    ]
    (course / "solutions/hw").mkdir(parents=True)
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook = new_notebook(cells=cells, metadata={"kernelspec": kernel})
    nbformat.write(notebook, course / "solutions/hw/hw.ipynb")
    done = run_in(course, "release hw")
    assert done.exit_code == 0, done.output


def graded(course, **answers):
    """The results of answers to `f`, by student."""
    for student, answer in answers.items():
        notebook = nbformat.read(course / "notebooks/hw/hw.ipynb", as_version=4)
        next(cell for cell in notebook.cells if cell.id == "f").source = answer
        folder = course / "submitted" / student / "hw"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        nbformat.write(notebook, folder / "hw.ipynb")
    outcome = grade_class(GradeOptions("hw", course, jobs=1))
    return outcome, {result.student: result for result in outcome.results}


RIGHT, WRONG = "def f(x):\n    return x * x", "def f(x):\n    return None"


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    made = tmp_path_factory.mktemp("own") / "course"
    assignment(made, "import math")
    return made


def test_a_trick_earns_nothing_and_costs_nothing(course):
    cheats = {f"cheat-{name}": f"{WRONG}\n{trick}" for name, trick in TRICKS.items()}
    right = {f"right-{name}": f"{trick}\n{RIGHT}" for name, trick in TRICKS.items()}
    _, results = graded(course, **cheats, **right)
    scores = {name: results[name].score for name in (*cheats, *right)}
    assert scores == {**dict.fromkeys(cheats, 0), **dict.fromkeys(right, 5)}


def test_only_points_around_which_a_hook_ran_wait_for_a_person(course):
    outcome, results = graded(course, hooked=f"{WRONG}\n{HOOK}", right=RIGHT, plots=f"{PLOTS}\n{RIGHT}")
    hooked = results["hooked"]
    assert (hooked.score, hooked.pending_manual, hooked.flags) == (0, 1, ("event-hooks",))
    assert hooked.cells[0].score is None
    assert hooked.notes[0].endswith("test-f")
    assert [(results[who].score, results[who].flags) for who in ("right", "plots")] == [(5, ()), (5, ())]
    again = grade_class(GradeOptions("hw", course, jobs=1, rejudge=True, force=True))
    assert [one.pending_manual for one in again.results if one.student == "hooked"] == [1]
    assert "hooked" in shown(outcome).partition("manual grading")[2]


@pytest.mark.parametrize("use", USES)
def test_nothing_waits_where_the_teachers_own_cells_use_the_library(tmp_path, use):
    assignment(tmp_path / "course", USES[use])
    _, results = graded(tmp_path / "course", right=RIGHT, wrong=WRONG)
    assert [(one.score, one.pending_manual, one.flags) for one in results.values()] == [
        (5, 0, ()),
        (0, 0, ()),
    ]


def test_hooks_are_what_the_release_found_and_nothing_of_solutions_runs(tmp_path, monkeypatch):
    course, ran, run = tmp_path / "course", [], Pool.submit_run
    assignment(course, HOOK)
    path = course / "solutions/hw/hw.ipynb"
    tried = path.read_text("utf-8")
    path.write_text(tried.replace("lambda info: None", "print"), "utf-8")
    monkeypatch.setattr(
        Pool,
        "submit_run",
        lambda self, tasks, *of, **more: ran.extend(tasks) or run(self, tasks, *of, **more),
    )
    _, results = graded(course, right=RIGHT)
    assert (results["right"].score, results["right"].flags) == (5, ())
    assert any(HOOK in task.source for task in ran), "the student's copy"
    assert not any("print" in task.source for task in ran)
    path.write_text(tried, "utf-8")
    assert run_in(course, "release hw --untried").exit_code == 0
    assert graded(course, later=RIGHT)[1]["later"].flags == ("event-hooks",)


def test_self_reported_points_look_self_reported_in_table_report_and_export(course):
    outcome, _ = graded(course, right=RIGHT)
    assert "self-reported, as your own test cells run in the student's process: " in shown(outcome)
    assert "self-reported: 5 of 5 points" in run_in(course, "explain hw right").output
    for words in ("report hw", "export hw"):
        done = run_in(course, *words.split())
        assert done.exit_code in (0, 1), done.output
    assert "Self-reported: this test runs in the student" in (course / "report-hw.html").read_text()
    rows = list(csv.DictReader((course / "grades-hw.csv").read_text().splitlines()))
    assert [row["flags"] for row in rows if row["student_id"] == "right"] == ["self-reported"]
    assert "self-reported, as your own test cells run" in done.output


def test_mark_holds_them_too(course, tmp_path):
    (tmp_path / "hw.ipynb").write_bytes((course / "submitted/hooked/hw/hw.ipynb").read_bytes())
    key = str(course / "solutions/hw/hw.ipynb")
    words = ["grade-one", str(tmp_path / "hw.ipynb"), "--key", key, "--json", str(tmp_path / "r.json")]
    assert CliRunner().invoke(app, words).exit_code == 1
    result = json.loads((tmp_path / "r.json").read_text())
    assert (result["flags"], result["cells"][0]["score"]) == (["event-hooks"], None)
