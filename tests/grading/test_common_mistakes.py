"""A class of forty writes its own catalogue: what is equal gets a name once, and so does who does the same next year."""

import json
import random
import re
import shutil

import nbformat
import pytest
from course_folder import hand_in, own_assignment, run_cells, run_in
from support import ROOT
from typer.testing import CliRunner

from autograde.cli import app
from verdicts.inline import CHECKS

TEXT = (ROOT / "tests/grading/class_of_forty.md").read_text(encoding="utf-8")
CODE = re.compile(r"^([A-Z]{4})  (\d+) students?  (.+)$", re.MULTILINE)
STUDENTS = 40


@pytest.fixture(autouse=True)
def no_check_is_known(monkeypatch):
    monkeypatch.setattr(CHECKS, "known", {})


def wrong_answers(assignment):
    """The wrong answers to each cell, as often as they are given."""
    part = re.search(rf"^## {assignment}\n([\s\S]*?)(?=^## |\Z)", TEXT, re.MULTILINE)[1]
    found = {}
    for cell, many, code in re.findall(r"```python (\S+) (\d+)\n([\s\S]*?)\n```", part):
        found.setdefault(cell, []).extend([code] * int(many))
    return found


def hand_in_class(course, assignment, year):
    """Hand in a class; gives what each student answers instead of the solution."""
    rng, handed_in = random.Random(year), {}
    for number in range(STUDENTS):
        drawn = ((cell, rng.randrange(STUDENTS), codes) for cell, codes in wrong_answers(assignment).items())
        answers = {cell: codes[place] for cell, place, codes in drawn if place < len(codes)}
        hand_in(course, assignment, f"y{year}-{number:02d}", answers)
        handed_in[f"y{year}-{number:02d}"] = answers
    return handed_in


def grade(course, assignment, *more):
    """What each student has of each check, by student and grade_id."""
    file = course / "r.json"
    done = run_in(course, "grade", assignment, "--json", str(file), *more)
    assert done.exit_code == 0, done.output
    return {
        one["student"]: {cell["grade_id"]: cell for cell in one["cells"]}
        for one in json.loads(file.read_text())
    }


def released(folder, assignment):
    """A course with one of examples/, released."""
    course = folder / "course"
    CliRunner().invoke(app, ["new", "course", str(course), "--empty"])
    shutil.copytree(ROOT / "examples" / assignment, course / "solutions" / assignment)
    done = run_in(course, f"release {assignment}")
    assert done.exit_code == 0, done.output
    return course


def name_all(course, assignment):
    """Give each listed mistake its own code as a name, and say how many students make it."""
    listed = run_in(course, f"mistakes {assignment}")
    assert listed.exit_code == 0, listed.output
    for code, _, name in CODE.findall(listed.output):
        assert name == "no name yet"
        done = run_in(course, "mistakes", assignment, code, f"as {code}", "--hint", "Which one?")
        assert done.exit_code == 0, done.output
    return {code: int(many) for code, many, _ in CODE.findall(listed.output)}


# The check below each cell, where it asks for one mistake.
ASKED = {
    "statistics": {
        "median": "check-median",
        "standard-error": "check-standard-error",
        "bootstrap": "check-bootstrap",
        "groups": "check-best-group",
        "question": "check-weighings",
    },
    "ode": {name: f"check-{name}" for name in ("euler", "heun", "rk4", "order", "leapfrog", "drift")},
}


# Of the second class: the wrong answers that ask for one mistake, and those of them that get a name of the first's.
NEXT_YEAR = {"statistics": (76, 56), "ode": (65, 50)}


@pytest.mark.needs("bubblewrap")
@pytest.mark.parametrize("assignment", ["statistics", pytest.param("ode", marks=pytest.mark.slow)])
def test_the_names_that_a_class_of_forty_gives_reach_next_years_class(tmp_path, assignment):
    course = released(tmp_path, assignment)
    now = hand_in_class(course, assignment, 1)
    scores = grade(course, assignment)
    codes = name_all(course, assignment)
    assert min(codes.values()) >= 3
    assert points(grade(course, assignment, "--rejudge")) == points(scores)
    then = hand_in_class(course, assignment, 2)
    graded = grade(course, assignment)
    wrong, named = 0, 0
    for cell, check in ASKED[assignment].items():
        names = {
            answers[cell]: graded[who][check]["mistake"] for who, answers in now.items() if cell in answers
        }
        for who, answers in then.items():
            assert (graded[who][check]["score"] < graded[who][check]["max_score"]) == (cell in answers)
            mistake = graded[who][check]["mistake"]
            if cell in answers:
                wrong, named = wrong + 1, named + (mistake in codes)
                assert names.get(answers[cell], mistake) == mistake
    assert (wrong, named) == NEXT_YEAR[assignment]


def points(graded):
    return {who: {of: cell["score"] for of, cell in cells.items()} for who, cells in graded.items()}


ADDS = "def f(x, y):\n    return [a + y for a in x]"
SUBTRACTS = ADDS.replace("a + y", "a - y")
CALL = "f, points=4, example=[dict(x=[1.0, -2.0, 3.0], y=0.5), dict(x=[2.0], y=-1.5)]"
NAME = "<script>alert(1)</script> [bold]subtracted"


@pytest.fixture
def small_class(tmp_path):
    """A graded class in which three subtract, two forget y, and everybody says who they are in a comment."""
    course = own_assignment(tmp_path / "course", ADDS, CALL)
    assert run_in(course, "release own").exit_code == 0
    answers = {
        "who1": SUBTRACTS,
        "who2": SUBTRACTS.replace("a - y", "-y + a"),
        "who3": SUBTRACTS,
        "who4": ADDS,
    }
    answers |= {
        "who5": ADDS.replace("a + y", "a"),
        "who6": "def f(x, y):\n    return x",
        "who7": "def f(x, y):\n    return 0",
    }
    for student, answer in answers.items():
        hand_in(course, "own", student, {"f": f"# by {student}\n{answer}"})
    assert (
        "1 common mistake without a name: `autograde mistakes own` lists"
        in run_in(course, "grade own").output
    )
    return course


@pytest.mark.needs("bubblewrap")
def test_a_name_goes_from_the_list_to_report_feedback_and_notebook_and_nothing_is_graded_again(
    small_class, shown, new_kernel, capsys
):
    course = small_class
    listed = run_in(course, "mistakes own").output
    ((code, many, _),) = CODE.findall(listed)
    assert many == "3"
    assert "problem 1 (x = [1, -2, 3], y = 0.5): [0.5, -2.5, 2.5], right is [1.5, -1.5, 3.5]" in listed
    assert "return [a - y for a in x]" in listed
    assert "who" not in listed
    assert "not listed, one value everywhere: 1" in listed
    assert "not listed, the argument x, unchanged: 2" in listed
    report = course / "report-own.html"
    run_in(course, "report own")
    assert f"{code}, equal results without a name" in report.read_text("utf-8")
    assert run_in(course, "mistakes", "own", code.lower(), NAME, "--hint", "Which sign?").exit_code == 0
    twice = run_in(course, "mistakes", "own", code, "again")
    assert (twice.exit_code, "change it there" in twice.output) == (2, True)
    judged = run_in(course, "grade own --rejudge").output
    assert "no score changes" in judged
    assert f"\n3 students: own/f: Your results are those of {NAME}\n" in judged
    assert "without a name" not in judged
    assert NAME in run_in(course, "mistakes own").output
    run_in(course, "report own")
    run_in(course, "feedback own")
    for page in (report, course / "feedback/who1/own/own.html"):
        text = page.read_text("utf-8")
        assert "Your results are those of &lt;script&gt;alert(1)&lt;/script&gt; [bold]subtracted" in text
        assert "<script>alert" not in text
    released = run_in(course, "release own")
    assert released.exit_code == 0, released.output
    assert "7 submissions unchanged" in run_in(course, "grade own").output
    file = course / "notebooks/own/own.ipynb"
    assert not any(word in file.read_text() for word in ("subtracted", "Which sign"))
    notebook = nbformat.read(file, as_version=4)
    notebook.cells[2].source = SUBTRACTS
    assert run_cells(notebook, capsys)[0] == 0
    assert f"Your results are those of {NAME}." in shown[-1]["text/plain"]
    assert "Hint: Which sign?" in shown[-1]["text/plain"]
    assert "<script>" not in shown[-1]["text/html"]
    notebook.cells[2].source = ADDS.replace("a + y", "a * y")
    assert run_cells(notebook, capsys)[0] == 0
    assert "results are those of" not in shown[-1]["text/plain"]
    hand_in(course, "own", "who8", {"f": SUBTRACTS})
    assert grade(course, "own")["who8"]["check"]["mistake"] == code


CODE_ROWS = """# own/f

## own/product

a product with y

- Hint: What is y for?

```python
def f(x, y):
    return [a * y for a in x]
```

## own/right

a right answer

- Hint: Is it wrong?

```python
f = lambda x, y: [y + a for a in x]
```
"""


@pytest.mark.needs("bubblewrap")
def test_a_release_runs_the_teachers_own_wrong_code_where_it_runs_the_solution(small_class):
    course, file = small_class, small_class / "mistakes/own.md"
    file.parent.mkdir()
    file.write_text(CODE_ROWS)
    hand_in(course, "own", "who9", {"f": ADDS.replace("a + y", "y * a")})
    assert not grade(course, "own")["who9"]["check"]["mistake"]
    for _ in range(2):
        assert (
            "own.md: right by now, on other problems, or telling nothing: a right answer"
            in run_in(course, "release own").output
        )
        text = file.read_text()
        assert [
            line for line in text.splitlines() if not line.startswith("- Results: ")
        ] == CODE_ROWS.splitlines()
        assert text.count("- Results: ") == 2
    assert grade(course, "own", "--rejudge")["who9"]["check"]["mistake"] == "own/product"
    file.write_text(CODE_ROWS.replace("def f(x, y)", "def f(x, y=z)"))
    before = (course / "notebooks/own/own.ipynb").read_text()
    done = run_in(course, "release own")
    assert (done.exit_code, done.output.count("\n")) == (2, 1)
    assert "a mistake in cell 'check', 'def f(x, y=z):' …: the solution was stopped" in done.output
    assert file.read_text() == CODE_ROWS.replace("def f(x, y)", "def f(x, y=z)")
    assert (course / "notebooks/own/own.ipynb").read_text() == before


@pytest.mark.needs("bubblewrap")
def test_bad_input_is_refused_in_one_line_and_nothing_is_written(small_class):
    course = small_class
    ((code, _, _),) = CODE.findall(run_in(course, "mistakes own").output)
    for words, said in {
        ("XXXX", "a"): "XXXX is the code of 0 mistakes",
        (code, " "): "or the name is empty",
        (code, "a\nb"): "write one line",
        (code, "a", "--hint", "b\x1b"): "write one line",
        (code,): "write its code and the name",
    }.items():
        done = run_in(course, "mistakes", "own", *words)
        assert (done.exit_code, said in done.output, done.output.count("\n")) == (2, True, 1), done.output
    assert not (course / "mistakes").exists()
    (course / "mistakes").mkdir()
    (course / "mistakes/own.md").write_text("# other/f\n\n## A\n\na slip\n\n- Results: {}\n")
    for command in ("mistakes own", "grade own --rejudge", "release own"):
        done = run_in(course, command)
        assert (done.exit_code, done.output.count("\n")) == (2, 1), done.output
        assert "own.md, section 'A': other/f is no check of this assignment" in done.output


@pytest.mark.needs("bubblewrap")
def test_a_mistake_of_few_students_is_listed_where_that_is_asked(small_class):
    assert [
        many for _, many, _ in CODE.findall(run_in(small_class, "mistakes own --at-least 4").output)
    ] == []
    hand_in(small_class, "own", "who9", {"f": ADDS.replace("a + y", "a * y")})
    grade(small_class, "own")
    listed = run_in(small_class, "mistakes own --at-least 1").output
    assert [many for _, many, _ in CODE.findall(listed)] == ["3", "1"]


@pytest.mark.needs("bubblewrap")
def test_work_of_before_a_release_with_other_problems_is_counted_and_its_names_wait(small_class):
    course = small_class
    ((code, _, _),) = CODE.findall(run_in(course, "mistakes own").output)
    assert run_in(course, "mistakes", "own", code, "a difference").exit_code == 0
    path = course / "solutions/own/own.ipynb"
    path.write_text(path.read_text().replace("x=[2.0]", "x=[4.0]"))
    released = run_in(course, "release own")
    assert "own.md: right by now, on other problems, or telling nothing: a difference" in released.output
    for command, codes in {"grade own --rejudge": 0, "grade own --force": 1}.items():
        listed = " ".join(run_in(course, "mistakes own").output.split())
        assert not CODE.findall(listed)
        assert "not listed, graded before everybody had the same problems" in listed
        assert run_in(course, command).exit_code == 0
        assert len(CODE.findall(run_in(course, "mistakes own").output)) == codes
