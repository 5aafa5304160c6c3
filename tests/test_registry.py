"""One row a rule, and nothing else keyed by rules' names."""

import inspect
import re

import pytest
from support import ROOT

from descentlab import rules
from descentlab.registry import HYPERPARAMETERS, RULES

every_row = pytest.mark.parametrize("row", RULES.values(), ids=lambda row: row.name)
SOURCE = ROOT / "src/descentlab"


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


def test_every_rules_file_but_that_of_whole_matrices_has_its_row():
    files = {path.stem for path in (SOURCE / "rules").glob("*.py")} - {"__init__", "inputs"}
    assert files == {name.lower() for name in RULES} | {"muon"}
    assert rules.__all__ == [*RULES, "Muon"]
