"""The equations printed in the rules are what they compute."""

import inspect
import re

import numpy as np
import pytest
from formulas import Formula

from descentlab import rules
from descentlab.registry import HYPERPARAMETERS, RULES, SYMBOLS
from descentlab.rule_diagnosis.equal_forms import formulas
from descentlab.rule_diagnosis.formula import line_text

PLAIN = [getattr(rules, name) for name in RULES]
CODE = {symbol: name for name, symbol in SYMBOLS.items()} | {"θ": "params"}
START = np.array([1.0, -2.0, 0.5])


def gradients():
    rng = np.random.default_rng(5)
    return [rng.normal(size=3) for _ in range(5)]


def same_path(rule, lines):
    """Whether the rule's steps are those of its printed lines."""
    printed = Formula(";  ".join(lines), **{name: vars(rule).get(name) for name in HYPERPARAMETERS})
    params, expected = {"x": START.copy()}, {"x": START.copy()}
    for g in gradients():
        rule.update(params, {"x": g})
        printed.update(expected, {"x": g})
        if not np.allclose(params["x"], expected["x"], rtol=1e-12, atol=1e-14):
            return False
    return True


def equations(plain):
    """The numbered comments of a rule's `update`, each with the statement right below it."""
    lines = inspect.getsource(plain.update).splitlines()
    comments = [(n, re.match(r" +# \((\d)\)  (.*)$", line)) for n, line in enumerate(lines)]
    return [(found[1], found[2], lines[n + 1].strip()) for n, found in comments if found]


@pytest.mark.parametrize("plain", PLAIN)
def test_the_equations_above_the_statements_are_what_the_rule_computes(plain):
    numbers, lines, _ = zip(*equations(plain), strict=True)
    assert list(numbers) == [str(i + 1) for i in range(len(lines))]
    assert same_path(plain(), lines)


@pytest.mark.parametrize("plain", PLAIN)
def test_every_statement_of_a_formula_has_its_equation_directly_above(plain):
    """The diagnosis reads each statement as the very equation in the comment; none is without."""
    written = [line for _, line, _ in equations(plain)]
    assert [line_text(*line) for line in formulas(plain.__name__)[0].lines] == written
    for _, line, statement in equations(plain):
        symbol = line.split(" ")[0]
        assert re.match(rf"(self\.)?{CODE.get(symbol, symbol)}\b", statement), statement


def test_a_formula_of_another_rule_is_told_apart():
    lines = [line for _, line, _ in equations(rules.Nesterov)]
    assert not same_path(rules.Momentum(), lines)
