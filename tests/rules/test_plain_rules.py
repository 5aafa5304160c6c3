"""The plain rules give the numbers of the frameworks that compute them so."""

import golden_runs
import numpy as np
import pytest

from descentlab import rules
from descentlab.registry import RULES as ROWS
from descentlab.variants.frameworks import FRAMEWORKS
from descentlab.variants.lookup import find
from descentlab.variants.table import VARIANTS

RULES = [getattr(rules, name) for name in ROWS]


def shared():
    """Where a framework has the rule as it is here, or in a variant that is equal at a constant rate."""
    for row in ROWS.values():
        for framework, home in FRAMEWORKS.items():
            for recorded in set(row.recorded) & set(home.RULES):
                make, chosen = find(framework, recorded)
                required = {"learning_rate": 0.01} if framework in ("optax", "tensorflow", "lasagne") else {}
                if not make(**(required | chosen)).differences:
                    yield row.name, framework, recorded
    yield from ((n.rule, *example) for n in VARIANTS if n.same_at_constant_rate for example in n.examples)


SHARED = list(shared())
OFF = {"lr_decay": 0.0, "initial_accumulator_value": 0.0, "dampening": 0.0}


@pytest.mark.parametrize("name", dict.fromkeys(name for name, _, _ in SHARED))
def test_a_plain_rule_gives_the_iterates_of_each_framework_that_computes_it_so(name):
    for framework, recorded in ((framework, recorded) for n, framework, recorded in SHARED if n == name):
        compared = 0
        for case in golden_runs.cases(framework, recorded):
            hyper = golden_runs.course_hyper(name, case["hyper"], OFF)
            if hyper is not None:
                rule = getattr(rules, name)(**hyper)
                compared += golden_runs.compare(rule, framework, case)["golden steps compared"]
        assert compared > 50, (framework, recorded)


def test_every_rule_that_a_framework_has_is_compared_with_one():
    assert {name for name, _, _ in SHARED} == {row.name for row in ROWS.values() if row.recorded}


def network():
    rng = np.random.default_rng(1)
    params = {"W": rng.normal(size=(3, 2)), "b": rng.normal(size=4), "s": np.array(0.5)}
    grads = {k: np.array(rng.normal(size=np.shape(p))) for k, p in params.items()}
    return params, grads


@pytest.mark.parametrize("rule", RULES)
def test_reused_gradient_buffers_do_no_harm(rule):
    fresh, grads = network()
    shared = {k: p.copy() for k, p in fresh.items()}
    buffer = {k: np.zeros_like(g) for k, g in grads.items()}
    a, b = rule(), rule()
    for step in range(1, 5):
        a.update(fresh, {k: g * step for k, g in grads.items()})
        for k, g in grads.items():
            buffer[k][...] = g * step
        b.update(shared, buffer)
    assert all(np.array_equal(fresh[k], shared[k]) for k in fresh)


@pytest.mark.parametrize("rule", RULES)
def test_a_plain_python_number_is_moved_through_the_dict(rule):
    number, array = {"x": -7.0}, {"x": np.array([-7.0])}
    a, b = rule(), rule()
    for _ in range(3):
        a.update(number, {"x": 0.7})
        b.update(array, {"x": np.array([0.7])})
    assert number["x"] == array["x"][0] != -7.0
