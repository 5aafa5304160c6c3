"""One row a rule, and nothing else keyed by rules' names."""

import ast
import inspect

import pytest
from support import ROOT

from descentlab import rules
from descentlab.registry import HYPERPARAMETERS, RULES

every_row = pytest.mark.parametrize("row", RULES.values(), ids=lambda row: row.name)
SOURCE = ROOT / "src" / "descentlab"


@every_row
def test_a_rows_hyperparameters_are_those_of_the_constructor(row):
    made = getattr(rules, row.name)
    assert list(inspect.signature(made).parameters) == [h.name for h in row.hyper]
    assert set(row.example) == {h.name for h in row.hyper} - {"eps"}
    assert all(HYPERPARAMETERS[h.name] is h for h in row.hyper), "one name, two meanings"


@every_row
def test_a_rows_lesson_is_there(row):
    assert not row.lesson or (ROOT / "solutions" / row.lesson).is_dir()


def test_every_rules_file_has_its_row():
    files = {path.stem for path in (SOURCE / "rules").glob("*.py")} - {"__init__", "inputs", "lookup"}
    assert files == {name.lower() for name in RULES}
    assert rules.__all__ == [*RULES, "like"]


def tables(tree):
    """Displays of a module that hold three rules' names or more: dicts by their keys, tuples, lists, sets."""
    for node in ast.walk(tree):
        entries = node.keys if isinstance(node, ast.Dict) else getattr(node, "elts", [])
        names = {e.value for e in entries if isinstance(e, ast.Constant)} & set(RULES)
        if len(names) >= 3:
            yield node.lineno


def test_no_other_table_lists_the_rules():
    """A rule that is added to the registry is known everywhere. A lesson may choose which it asks about."""
    found = [
        f"{path.relative_to(SOURCE)}:{line}"
        for path in SOURCE.rglob("*.py")
        if "lessons" not in path.parts
        for line in tables(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert found == []
    assert list(tables(ast.parse('{"SGD": 1, "Adam": 2, "Momentum": 3}')))
