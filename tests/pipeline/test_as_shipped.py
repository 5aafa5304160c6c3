"""Answers that are the installed reference's own code get a note; people's own answers do not."""

import ast
import importlib
import inspect
import json
import re
from pathlib import Path

import pytest
from course_folder import answer, shown
from student_answers import PASSED
from student_answers import answers as student_answers

from autograde.pipeline.judge import is_as_shipped
from descentlab import rules

TESTS = Path(__file__).parents[1]
LESSONS = sorted((TESTS.parent / "notebooks").glob("*/*.ipynb"))


def from_the_wheel(lesson: Path) -> list[str]:
    """Answers to a lesson by somebody who knows nothing of optimizers but `inspect.getsource`."""
    answers, stub = [], ""
    for cell in json.loads(lesson.read_text())["cells"]:
        source = "".join(cell["source"])
        if cell["metadata"].get("nbgrader", {}).get("solution") and cell["cell_type"] == "code":
            stub = source
        elif called := re.match(r'check\("(\w+)/([\w-]+)", (\w+)', source):
            answers.append(_rule(called[3]) if "class " in stub else _function(called[1], called[2], stub))
    return answers


def _rule(name: str) -> str:
    classes = [inspect.getsource(base) for base in reversed(getattr(rules, name).__mro__[:-1])]
    helpers = inspect.getsource(importlib.import_module("descentlab.rules.inputs"))
    return "\n".join(["import numpy as np", helpers, *classes])


def _function(lesson: str, what: str, stub: str) -> str:
    reference = importlib.import_module(f"descentlab.exercises.{lesson}.withheld.reference")
    head = re.search(r"def .*:", stub)
    call = f"{what.replace('-', '_')}(dict(locals()))"
    return inspect.getsource(reference) + (f"\n{head[0]}\n    return {call}" if head else f"\nx = {call}")


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda path: path.stem)
def test_a_script_that_copies_the_reference_gets_the_note_in_every_lesson(lesson):
    answers = from_the_wheel(lesson)
    assert len(answers) >= 5
    assert all(map(is_as_shipped, answers))


def test_one_in_a_hundred_right_answers_at_most_gets_it():
    answers = [
        ast.unparse(node)
        for one in student_answers().values()
        if one.expect == PASSED
        for node in ast.parse(one.code).body
        if isinstance(node, ast.ClassDef | ast.FunctionDef)
    ]
    for lesson in LESSONS:
        solved = json.loads((TESTS.parent / "solutions" / lesson.parent.name / lesson.name).read_text())
        marks = [(cell["metadata"].get("nbgrader", {}), "".join(cell["source"])) for cell in solved["cells"]]
        answers += [source for mark, source in marks if mark.get("solution")]
    assert len(answers) > 150
    assert sum(map(is_as_shipped, answers)) <= len(answers) / 100


ADAM = inspect.getsource(rules.Adam)


@pytest.mark.parametrize(
    "changed",
    [
        ADAM,
        re.sub("\\bself\\b", "me", ADAM).replace("m_hat", "first").replace("grads", "slopes"),
        re.sub(r"#.*", "", ADAM).replace("    ", "  "),
        re.sub(r'""".*?"""', '"My Adam."', ADAM, flags=re.DOTALL),
        re.sub(r"(?m)^ *(check_step|zero_at_first).*\n|not_negative|fraction", "", ADAM),
    ],
    ids=["copied", "renamed", "laid out anew", "other words", "without its helpers"],
)
def test_names_and_layout_do_not_hide_it(changed):
    assert changed
    assert is_as_shipped(changed)


@pytest.mark.parametrize(
    "source",
    [
        "def weight_sum(problem):\n    return float(1 - problem['beta'] ** problem['t'])",  # the reference's
        "for k in params:\n    v[k] = mu * v[k] - lr * grads[k]\n    params[k] += v[k]",
        "",
        "%matplotlib inline",
        "(" * 30_000,
        "-" * 19_000 + "1",
        "a" + ".b" * 9_000,
    ],
)
def test_short_code_and_what_is_no_python_are_no_sign(source):
    assert not is_as_shipped(source)


def test_the_note_stands_in_the_table_and_costs_nothing(course):
    body = inspect.getsource(rules.Adam.update).partition("params:\n")[2]
    copied = answer(student=lambda notebook: notebook.cells[1].update(source=f"{TO_ADAM}{body}"))
    course.submit("copied", copied)
    course.submit("own")
    outcome = course.grade()
    copied, own = outcome.results
    assert (copied.flags, copied.score, copied.status) == (("as-shipped",), own.score, own.status)
    assert own.flags == ()
    assert copied.notes[0].endswith("adam-class")
    assert [
        ("identical to the installed reference" in line) for line in shown(outcome).splitlines()[1:3]
    ] == [True, False]
    assert course.grade(rejudge=True).results[0].flags == ("as-shipped",)


TO_ADAM = """class Adam:
    def __init__(self, lr=0.1, beta1=0.9, beta2=0.999, eps=1e-8):
        self.lr, self.beta1, self.beta2, self.eps, self.t, self.m, self.v = lr, beta1, beta2, eps, 0, {}, {}

    def update(self, params, grads):
        self.t += 1
        for k in params:
            self.m.setdefault(k, 0.0), self.v.setdefault(k, 0.0)
        for k in params:
"""
