"""One row a rule, and nothing else keyed by rules' names."""

import ast
import inspect
import re

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
    for h in row.hyper:
        limits = r"in \[0, 1\)" if h.fraction else "≥ 0"
        assert re.search(rf"^{h.name} +{h.symbol} {limits}", inspect.getdoc(made), flags=re.M), h.name


@every_row
def test_a_rows_lesson_is_there(row):
    assert not row.lesson or (ROOT / "solutions" / row.lesson).is_dir()


def test_every_rules_file_has_its_row():
    files = {path.stem for path in (SOURCE / "rules").glob("*.py")} - {"__init__", "inputs"}
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
        f"{path.relative_to(ROOT)}:{line}"
        for path in (*(ROOT / "src").rglob("*.py"), *(ROOT / "autograde").rglob("*.py"))
        if "exercises" not in path.parts
        for line in tables(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert found == []
    assert list(tables(ast.parse('{"SGD": 1, "Adam": 2, "Momentum": 3}')))


def undocumented(tree, name=""):
    """The public functions and classes of a module, and their methods, that say nothing of themselves."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            if not ast.get_docstring(node):
                yield f"{name}{node.name}"
            if isinstance(node, ast.ClassDef):
                yield from undocumented(node, f"{node.name}.")


@pytest.mark.parametrize("room", ["rules", "objectives"])
def test_everything_public_is_documented(room):
    files = {path: ast.parse(path.read_text(encoding="utf-8")) for path in (SOURCE / room).rglob("*.py")}
    assert [f"{path.name}: {name}" for path, tree in files.items() for name in undocumented(tree)] == []
