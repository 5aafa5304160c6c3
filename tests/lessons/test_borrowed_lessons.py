"""A student who cannot write a lesson's class, borrows it and goes on: every figure and later cell runs."""

import ast

import nbformat
import pytest
from lesson import LESSONS, run
from nbformat.v4 import new_code_cell

from descentlab.rule_check.definition import RuleCheck
from verdicts.courses import find

RULES = [
    pytest.param(lesson, cell, id=cell.check)
    for lesson in LESSONS
    for cell in lesson.checks
    if isinstance(find(cell.check), RuleCheck)
]
TRIED = """from descentlab import borrow
class Tried:
    def __init__(self, **hyper): pass
    def update(self, params, grads): self.tried = grads
check("{check}", Tried); check("{check}", Tried)
{rule} = borrow("{rule}")"""


pytestmark = pytest.mark.slow


def uses_the_class(source: str, rule: str) -> bool:
    return any(isinstance(node, ast.Name) and node.id == rule for node in ast.walk(ast.parse(source)))


@pytest.mark.parametrize(("lesson", "check"), RULES)
def test_with_its_class_borrowed_a_lesson_runs_to_its_end(lesson, check, tmp_path):
    rule = find(check.check).rule
    notebook = nbformat.from_dict(lesson.solved)
    place = next(i for i, cell in enumerate(notebook.cells) if f"class {rule}:" in cell.source)
    notebook.cells[place] = new_code_cell(TRIED.format(check=check.check, rule=rule))
    path = tmp_path / "borrowed.ipynb"
    nbformat.write(notebook, path)
    results = run(path, tmp_path)
    failed = {result["source"]: result["error"] for result in results if result["error"]}
    assert failed == {}
    (result,) = [result for result in results if result["grade_id"] == check.grade_id]
    assert result["value"] == "0"
    assert sum(uses_the_class(result["source"], rule) for result in results) > 2
