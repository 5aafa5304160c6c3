"""What is printed is what is computed: equations in the plain rules, `formula` of the variants."""

import inspect
import re

import formulas
import numpy as np
import pytest

from descentlab import rules
from descentlab.diagnosis.formula import formulas as formulas_of
from descentlab.diagnosis.formula import line_text
from descentlab.registry import HYPERPARAMETERS, RULES, SYMBOLS
from descentlab.rules import like
from descentlab.variants.frameworks import FRAMEWORKS
from descentlab.variants.lookup import find
from descentlab.variants.table import VARIANTS

PLAIN = [getattr(rules, name) for name in RULES]
GREEK = {"dampening": "τ", "weight_decay": "w", "lr_decay": "c"}
GREEK |= {h.name: h.symbol for h in HYPERPARAMETERS.values()}
CODE = {symbol: name for name, symbol in SYMBOLS.items()} | {"θ": "params"}
START = np.array([1.0, -2.0, 0.5])


def gradients():
    rng = np.random.default_rng(5)
    return [rng.normal(size=3) for _ in range(5)]


def symbols(rule):
    """Hyperparameters and first state of a rule, by the symbols of its formula."""
    names = {symbol: vars(rule)[name] for name, symbol in GREEK.items() if vars(rule).get(name) is not None}
    names |= dict.fromkeys("vhnadmue", 0.0)
    names |= {"h": getattr(rule, "first_h", 0.0), "p": 1.0}
    names |= dict.fromkeys("nh" if hasattr(rule, "first_n") else "n", getattr(rule, "first_n", 0.0))
    return names | {"θ": START.copy(), "t": 0}


def same_path(rule, lines, clock_in_formula=False):
    """Whether the rule's steps are those of its printed lines."""
    params, names = {"x": START.copy()}, symbols(rule)
    for g in gradients():
        rule.update(params, {"x": g})
        names["g"] = g
        if not clock_in_formula:
            names["t"] += 1
        if hasattr(rule, "mu"):  # NAdam's schedule
            names["μₜ"], names["μₜ₊₁"] = rule.mu(names["t"]), rule.mu(names["t"] + 1)
        if not getattr(rule, "damp_first", True):
            names["τ"] = 0.0 if names["t"] == 1 else rule.dampening
        formulas.compute(lines, names)
        if not np.allclose(params["x"], names["θ"], rtol=1e-12, atol=1e-14):
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
    assert same_path(plain(), lines, clock_in_formula=any(line.startswith("t ") for line in lines))


@pytest.mark.parametrize("plain", PLAIN)
def test_every_statement_of_a_formula_has_its_equation_directly_above(plain):
    """The diagnosis reads each statement as the very equation in the comment; none is without."""
    written = [line for _, line, _ in equations(plain)]
    assert [line_text(*line) for line in formulas_of(plain.__name__)[0].lines] == written
    for _, line, statement in equations(plain):
        symbol = line.split(" ")[0]
        assert re.match(rf"(self\.)?{CODE.get(symbol, symbol)}\b", statement), statement


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_a_variants_formula_is_what_it_computes(framework):
    for rule in FRAMEWORKS[framework].RULES:
        needed = "learning_rate" in inspect.signature(find(framework, rule)[0]).parameters
        made = like(framework, rule, **({"learning_rate": 0.01} if needed else {}))
        assert same_path(made, made.formula), rule


def test_a_formula_of_another_variant_is_told_apart():
    assert not same_path(like("keras", "Adam", epsilon=0.1), like("torch", "Adam").formula)
    assert not same_path(like("torch", "RMSprop", eps=0.1), like("keras", "RMSprop").formula)


def test_each_variant_prints_its_formula():
    for variant in VARIANTS:
        plain = getattr(rules, variant.rule)()
        made = variant.factory(**{name: value for name, value in vars(plain).items() if name in GREEK})
        assert same_path(made, made.formula), variant.id


def test_torchs_decaying_rate_is_in_its_formula():
    rule = like("torch", "Adagrad", lr_decay=0.5)
    assert same_path(rule, rule.formula)
    assert "c" in rule.formula[-1]
