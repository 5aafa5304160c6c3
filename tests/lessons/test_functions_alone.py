"""A function is judged alone: a wrong class of the same lesson costs it nothing."""

import ast
import re
from contextlib import suppress

import pytest
from lesson import LESSONS, is_stub

from verdicts.courses import find
from verdicts.judging import run
from verdicts.spec import FunctionCheck


def code_of(lesson, stubs=False):
    return "\n".join(cell.source for cell in lesson.code_cells(lesson.solved) if is_stub(cell) or not stubs)


def given(lesson):
    """The checks of the lesson and the name of the student's object that each is given."""
    return re.findall(r'^check\("(\S+)", (\w+)', code_of(lesson), re.MULTILINE)


def classes(lesson):
    """The names of the rules' classes that the lesson's stubs define."""
    return re.findall(
        r"^class (\w+):\n(?:    .*\n|\n)*?    def update", code_of(lesson, stubs=True), re.MULTILINE
    )


def answers(lesson, wrong=None):
    """The lesson's definitions, in order; with the class of the name `wrong` made to take wrong steps."""
    names = {}
    nodes = ast.parse(code_of(lesson)).body
    used = {
        n.id
        for node in nodes
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        for n in ast.walk(node)
        if isinstance(n, ast.Name)
    }
    for node in nodes:
        set_here = [t.id for t in getattr(node, "targets", []) if isinstance(t, ast.Name)]
        if isinstance(node, ast.Import | ast.ImportFrom | ast.FunctionDef | ast.ClassDef) or used & {
            *set_here
        }:
            _execute(node, names)
        if getattr(node, "name", None) == wrong and wrong:
            names[wrong] = wrong_class(names[wrong])
    return names


def _execute(node, names):
    with suppress(NameError):  # made of what a lesson measures: no answer needs it
        exec(compile(ast.Module([node], []), "lesson", "exec"), names)


def wrong_class(right):
    class Wrong(right):
        def update(self, params, grads):
            for key in params:
                params[key] = params[key] + 0.1 + 0.3 * grads[key]

    Wrong.__name__ = right.__name__
    return Wrong


PAIRS = [(lesson, name) for lesson in LESSONS for name in classes(lesson)]


@pytest.mark.parametrize(("lesson", "name"), PAIRS, ids=lambda value: getattr(value, "name", value))
def test_a_wrong_class_costs_no_function_a_point(lesson, name):
    names = answers(lesson, wrong=name)
    functions = [(c, a) for c, a in given(lesson) if isinstance(find(c), FunctionCheck)]
    for check, answer in functions:
        assert run(check, names[answer]).passed, check
