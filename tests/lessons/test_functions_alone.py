"""A function is judged alone: a wrong class of the same lesson costs it nothing."""

import ast
from contextlib import suppress

import pytest
from lesson import LESSONS, is_stub

from verdicts.courses import find
from verdicts.judging import run
from verdicts.spec import FunctionCheck


def given(lesson):
    """What each check cell of the lesson is given: the check's name and the name of the student's object."""
    for cell in lesson.checks:
        source = next(
            c.source
            for c in lesson.solved.cells
            if c.metadata.get("nbgrader", {}).get("grade_id") == cell.grade_id
        )
        call = next(
            n
            for n in ast.walk(ast.parse(source))
            if isinstance(n, ast.Call) and getattr(n.func, "id", "") == "check"
        )
        yield cell.check, call.args[1].id


def classes(lesson):
    """The names of the rules' classes that the lesson's stubs define."""
    nodes = [n for c in lesson.code_cells(lesson.solved) if is_stub(c) for n in ast.parse(c.source).body]
    return [
        node.name
        for node in nodes
        if isinstance(node, ast.ClassDef) and any(getattr(f, "name", "") == "update" for f in node.body)
    ]


def answers(lesson, wrong=None):
    """The lesson's definitions, in order; with the class of the name `wrong` made to take wrong steps."""
    names = {}
    nodes = [node for cell in lesson.code_cells(lesson.solved) for node in ast.parse(cell.source).body]
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
