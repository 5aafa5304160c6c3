"""Checks that a solution defines itself, from its release to points: the assignments of examples/ and answers to them."""

import json
import re
import shutil
import sys
from dataclasses import replace
from importlib.metadata import entry_points

import nbformat
import pytest
from course_folder import (
    CourseFolder,
    answers_to,
    hand_in,
    marks,
    nbgrader_autograde,
    own_assignment,
    run_cells,
    run_in,
    scores,
)
from nbformat.v4 import new_code_cell
from nbgrader.api import Gradebook
from support import ROOT
from typer.testing import CliRunner

import verdicts
from autograde.book.releases import keep_trial, read_trial
from autograde.cli import app
from verdicts.courses import GROUP, courses
from verdicts.inline import CHECKS

EXAMPLES = ROOT / "examples"
HERE = ROOT / "tests" / "grading"


@pytest.fixture(autouse=True)
def no_check_is_known(monkeypatch):
    monkeypatch.setattr(CHECKS, "known", {})


def graded(course, assignment, *more):
    """The points of each check by its grade_id, by student."""
    file = course / "r.json"
    done = run_in(course, "grade", assignment, "--json", str(file), *more)
    assert done.exit_code == 0, done.output
    return {
        one["student"]: {cell["grade_id"]: cell["score"] for cell in one["cells"]}
        for one in json.loads(file.read_text())
    }


@pytest.mark.needs("bubblewrap")
@pytest.mark.parametrize("assignment", ["ode", "statistics", "library"])
def test_each_answer_to_an_example_gets_the_points_it_deserves_without_our_lessons(
    tmp_path, assignment, monkeypatch
):
    alone = entry_points(group=GROUP, name="verdicts")
    monkeypatch.setattr("verdicts.courses.entry_points", lambda group: alone)
    monkeypatch.setattr("verdicts.courses._loaders", {})
    courses.cache_clear()
    assert [*courses()] == ["verdicts"]
    course = tmp_path / "course"
    CliRunner().invoke(app, ["new", "course", str(course), "--empty"])
    shutil.copytree(EXAMPLES / assignment, course / "solutions" / assignment)
    done = run_in(course, "release", assignment)
    assert done.exit_code == 0, done.output
    expected = {}
    for student, answers, points in answers_to(assignment):
        hand_in(course, assignment, student, answers)
        expected[student] = points
    found = graded(course, assignment)
    courses.cache_clear()
    full = found["right"]
    assert all(full.values())
    assert found == {student: full | points for student, points in expected.items()}


def refused():
    text = (HERE / "inline_refused.md").read_text(encoding="utf-8")
    form = r"^## (.+)\n```python\n([\s\S]*?)\n```\n(.+)\n> (.+)$"
    return [pytest.param(*rest, id=name) for name, *rest in re.findall(form, text, re.MULTILINE)]


@pytest.mark.needs("bubblewrap")
@pytest.mark.parametrize(("answer", "call", "line"), refused())
def test_a_check_that_tells_nothing_is_refused_in_one_line(tmp_path, answer, call, line):
    course = own_assignment(tmp_path / "course", answer, call)
    done = run_in(course, "release own")
    assert line in done.output
    assert done.output.count("\n") == 1
    assert done.exit_code == 2
    assert not (course / "notebooks/own").exists()


ADDS = "def f(x, y):\n    return [a + y for a in x]"
CALL = "f, points=4, example=[dict(x=[1.0, -2.0, 3.0], y=0.5), dict(x=[2.0], y=-1.5)]"


def two_answers(folder, answer=ADDS):
    """A course in which somebody adds as the released solution does, and somebody subtracts."""
    course = own_assignment(folder / "course", answer, CALL)
    assert run_in(course, "release own").exit_code == 0
    hand_in(course, "own", "adds")
    hand_in(course, "own", "subtracts", {"f": answer.replace("a + y", "a - y")})
    return course


@pytest.mark.needs("bubblewrap")
def test_a_released_notebook_judges_on_the_problems_in_its_folded_cell(
    tmp_path, shown, new_kernel, capsys, monkeypatch
):
    course = own_assignment(tmp_path / "course", ADDS, CALL)
    assert "own/f: x -3.9" in run_in(course, "release own").output
    released = nbformat.read(course / "notebooks/own/own.ipynb", as_version=4)
    imports, _, stub, folded, call = released.cells
    assert folded.metadata.jupyter.source_hidden
    assert folded.metadata.nbgrader.locked
    assert "other problems count" in folded.source
    stub.source = ADDS
    assert run_cells(released, capsys) == (4, "")
    assert len(CHECKS.known["own/f"].draw(0)) == 8
    assert shown[-1]["text/plain"] == "✓ own/f: 4 of 4 points"
    stub.source = ADDS.replace("a + y", "a - y")
    assert run_cells(released, capsys)[0] == 0
    assert "Problem 1 (x = [1, -2, 3], y = 0.5), [0]: yours 0.5, expected 1.5" in shown[-1]["text/plain"]
    released.cells.remove(folded)
    call.source = call.source.replace("own/f", "own/g")
    score, printed = run_cells(released, capsys)
    assert (score, printed) == (
        0,
        "own/g: tried on the problems in the folded cell above, which a release makes. Run that first.\n",
    )
    for other in ('"rtol"', '"newer"'), ('"whole"', '"cut"'):
        exec(folded.source.replace(*other), {"problems": verdicts.problems})
        assert capsys.readouterr().out.startswith("The package verdicts is of another version than these")
    monkeypatch.setitem(sys.modules, "verdicts", None)
    exec(imports.source)
    assert capsys.readouterr().out.startswith(
        "The package verdicts, which has `check`, is missing or too old. Run: "
    )


@pytest.mark.needs("bubblewrap")
def test_a_value_is_received_and_judged_later(tmp_path, new_kernel, capsys):
    course = own_assignment(tmp_path / "course", "f = np.array([2.0, 3.0])", "f, points=4")
    assert run_in(course, "release own").exit_code == 0
    released = nbformat.read(course / "notebooks/own/own.ipynb", as_version=4)
    released.cells[-2].source = "f = np.array([2.0, 4.0])"
    score, printed = run_cells(released, capsys)
    assert (score, printed) == (
        0,
        "own/f: received [2, 4]. It is judged when it is graded.\n",
    )


@pytest.mark.needs("bubblewrap")
def test_a_newer_solution_judges_kept_answers_and_older_notebooks(tmp_path):
    course = two_answers(tmp_path)
    assert graded(course, "own") == {"adds": {"check": 4}, "subtracts": {"check": 0}}
    assert "no score changes" in run_in(course, "grade own --rejudge").output
    path = course / "solutions/own/own.ipynb"
    path.write_text(path.read_text().replace("a + y", "a - y"))
    assert graded(course, "own") == {"adds": {"check": 4}, "subtracts": {"check": 0}}, (
        "what is released counts"
    )
    assert run_in(course, "release own --force").exit_code == 0
    after = {"adds": {"check": 0}, "subtracts": {"check": 4}}
    assert graded(course, "own", "--rejudge") == after
    assert "2 submissions unchanged" in run_in(course, "grade own").output
    assert graded(course, "own", "--force") == after, "both hold the older notebook"


def grade_one(notebook, key):
    return CliRunner().invoke(app, ["grade-one", str(notebook), "--key", str(key)])


@pytest.mark.needs("bubblewrap")
def test_grade_one_takes_a_solution_as_the_key_and_no_released_notebook(tmp_path):
    course = two_answers(tmp_path)
    for student, points in {"adds": 4, "subtracts": 0}.items():
        done = grade_one(course / f"submitted/{student}/own/own.ipynb", course / "solutions/own/own.ipynb")
        assert f"own: {points} of 4" in done.output
        assert len(CHECKS.known["own/f"].draw(0)) == 16, "as many problems as in a class"
    done = grade_one(course / "submitted/adds/own/own.ipynb", course / "notebooks/own/own.ipynb")
    assert "was handed out and has no answers: name the solution" in done.output
    assert done.exit_code == 2


@pytest.mark.needs("bubblewrap")
def test_an_assignment_that_was_released_untried_waits_for_a_release(tmp_path):
    course = own_assignment(tmp_path / "course", ADDS, CALL)
    assert run_in(course, "release own --untried").exit_code == 0
    hand_in(course, "own", "adds")
    done = run_in(course, "grade own")
    assert "no solution of own/f is kept: run `autograde release`, without --untried" in " ".join(
        done.output.split()
    )
    assert run_in(course, "release own --force").exit_code == 0
    assert graded(course, "own") == {"adds": {"check": 4}}


@pytest.mark.needs("bubblewrap")
@pytest.mark.parametrize(
    ("now", "said"),
    [
        ('return ["x"] * 20_001', "The solution returns a list of length 20001"),
        ("return {f: y}", "The solution returns a dict with the key "),
        (
            "before, x[:] = [*x], ['x'] * 20_001; x = before",
            "Whether the arguments are changed cannot be seen",
        ),
    ],
)
def test_where_the_solution_gives_no_whole_result_on_a_students_problem_a_person_decides(tmp_path, now, said):
    course = two_answers(tmp_path)
    with Gradebook(f"sqlite:///{course}/gradebook.db") as gradebook:
        trial = read_trial(gradebook, "own")
        kept = trial.solutions["own"]
        cells = [(source.replace("return", f"{now}\n    return"), of) for source, of in kept.cells]
        keep_trial(gradebook, "own", replace(trial, solutions={"own": replace(kept, cells=cells)}))
        gradebook.db.commit()
    done = run_in(course, "grade own")
    assert done.exit_code == 1
    assert "2 with a check that is not judged, whose points wait for you: adds, subtracts" in done.output
    assert said in " ".join(done.output.split())


@pytest.mark.needs("bubblewrap")
def test_who_holds_a_version_that_asks_for_something_else_waits_for_a_person(tmp_path):
    course = two_answers(tmp_path)
    path = course / "solutions/own/own.ipynb"
    path.write_text(path.read_text().replace("y):", "y, z=0):").replace("y=", "z=2.0, y="))
    done = run_in(course, "grade own")
    assert "solutions/own/own.ipynb has changed since its release" in done.output
    done = run_in(course, "release own --force")
    assert (
        "asks for something else than its last release: 2 submissions of an earlier one will wait"
        in done.output
    )
    hand_in(course, "own", "new", {"f": ADDS.replace("y)", "y, z)")})
    done = run_in(course, "grade own")
    assert done.exit_code == 1
    assert "2 with a check that is not judged, whose points wait for you: adds, subtracts" in done.output
    assert "The notebook is of an earlier release" in " ".join(done.output.split())
    assert re.search(r"new +4 / 4", done.output)


@pytest.mark.needs("bubblewrap")
def test_nbgraders_own_command_judges_by_the_released_solution_too(tmp_path):
    course = CourseFolder(two_answers(tmp_path))
    nbgrader_autograde(course, "own")
    assert scores(course, "own") == {("adds", "check"): 4, ("subtracts", "check"): 0}


def changed_in(course, *pairs):
    path = course / "solutions/own/own.ipynb"
    text = path.read_text()
    for old, new in pairs:
        text = text.replace(old, new)
    path.write_text(text)


RUNS_AGAIN = "`autograde grade own` runs again what was handed in; with --rejudge it keeps its points"
ASKS_ELSE = "asks for something else than its last release: 2 submissions of an earlier one will wait"
SUM, SUM_AND_Y = (
    ADDS.replace("[a + y for a in x]", parts)
    for parts in ("{'s': [a + y for a in x]}", "{'s': [a + y for a in x], 'y': y}")
)
CHANGES = {
    "another name": (ADDS, [("own/f", "own/g")], f"own/f is now own/g: {RUNS_AGAIN}"),
    "a file beside it": (ADDS, [], f"data.csv has changed: {RUNS_AGAIN}"),
    "parts for the first time": (ADDS, [("[a + y for a in x]", "{'s': [a + y for a in x]}")], ASKS_ELSE),
    "another part more": (SUM, [("]}", "], 'y': y}")], ASKS_ELSE),
    "a part less": (SUM_AND_Y, [(", 'y': y", "")], ASKS_ELSE),
    "another argument": (ADDS, [("(x, y)", "(x, z)"), ("a + y", "a + z"), ("y=", "z=")], ASKS_ELSE),
}  # fmt: skip


@pytest.mark.needs("bubblewrap")
@pytest.mark.parametrize(
    ("answer", "pairs", "said"),
    [
        pytest.param(*change, id=name, marks=[pytest.mark.slow] * ("part " in name))
        for name, change in CHANGES.items()
    ],
)
def test_a_changed_release_says_what_it_means_and_takes_no_points_by_rejudging(tmp_path, answer, pairs, said):
    course = two_answers(tmp_path, answer)
    before = graded(course, "own")
    changed_in(course, *pairs)
    if "data.csv" in said:
        (course / "solutions/own/data.csv").write_text("1,2\n")
    assert said in run_in(course, "release own").output
    assert "not rejudged: adds, subtracts" in run_in(course, "grade own --rejudge").output
    assert {who: points for (who, _), points in scores(CourseFolder(course), "own").items()} == {
        who: points["check"] for who, points in before.items()
    }
    done = run_in(course, "grade own")
    if "runs again" in said:
        assert graded(course, "own") == before
    else:
        assert "2 with a check that is not judged, whose points wait for you" in done.output
    assert said not in run_in(course, "release own").output, "nothing changed since"


@pytest.mark.needs("bubblewrap")
def test_untried_after_a_tried_release_says_whose_answers_wait_and_takes_no_points(tmp_path):
    course = two_answers(tmp_path)
    before = graded(course, "own")
    done = run_in(course, "release own --untried")
    assert "nobody's answer to own/f can be judged: points that were given stay" in done.output
    for more in ("--rejudge", "--force"):
        CHECKS.known.clear()  # as in another process
        assert "without --untried" in " ".join(run_in(course, "grade own", more).output.split())
    assert {
        who: {"check": points} for (who, _), points in scores(CourseFolder(course), "own").items()
    } == before
    assert run_in(course, "release own").exit_code == 0
    assert graded(course, "own") == before


@pytest.mark.needs("bubblewrap")
def test_two_notebooks_of_an_assignment_may_both_define_checks(tmp_path):
    course = own_assignment(tmp_path / "course", ADDS, CALL)
    path = course / "solutions/own/own.ipynb"
    path.with_name("two.ipynb").write_text(path.read_text().replace("own/f", "own/second"))
    done = run_in(course, "release own")
    assert "own/second: x -3.9" in done.output
    hand_in(course, "own", "adds")
    shutil.copy(course / "notebooks/own/two.ipynb", course / "submitted/adds/own")
    assert run_in(course, "grade own").output.count("4 / 8") == 1
    assert "no score changes" in run_in(course, "grade own --rejudge").output


@pytest.mark.needs("bubblewrap")
def test_a_locked_cell_with_a_magic_may_define_the_functions_of_problems(tmp_path):
    course = own_assignment(
        tmp_path / "course", "def f(g, x):\n    return g(x) + x", "f, points=4, example=dict(g=double, x=1.5)"
    )
    path = course / "solutions/own/own.ipynb"
    notebook = nbformat.read(path, as_version=4)
    double = "%matplotlib inline\ndef double(x):\n    return 2 * x"
    notebook.cells.insert(1, new_code_cell(double, id="double", metadata=marks("double", locked=True)))
    nbformat.write(notebook, path)
    done = run_in(course, "release own")
    assert done.exit_code == 0, done.output
    hand_in(course, "own", "right")
    hand_in(course, "own", "wrong", {"f": "def f(g, x):\n    return g(x)"})
    assert graded(course, "own") == {"right": {"check": 4}, "wrong": {"check": 0}}
