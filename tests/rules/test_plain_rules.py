"""What every plain rule promises of its arguments. The numbers: test_frameworks.py."""

import numpy as np
import pytest

from descentlab import rules
from descentlab.registry import RULES as ROWS

RULES = [getattr(rules, name) for name in ROWS]


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


# g = 1 at all times, η = 0.1 in the first step and 0.01 in the second, μ = 0.9: the steps of each rule.
STEPS = {
    "SGD": ({}, 0.1, 0.01),
    "Momentum": ({}, 0.1, 0.1),  # v = 0.9 · 0.1 + 0.01: the old rate lives on in the velocity
    "Nesterov": ({}, 0.19, 0.1),
    "AdaGrad": ({"eps": 0.0}, 0.1, 0.01 / 2**0.5),
    "RMSprop": ({"decay": 0.0, "eps": 0.0}, 0.1, 0.01),
    "RMSpropGraves": (
        {"decay": 0.9, "eps": 0.01},
        0.1 / 0.1**0.5,
        0.9 * 0.1 / 0.1**0.5 + 0.01 / (0.19 - 0.19**2 + 0.01) ** 0.5,
    ),
    "Adam": ({"eps": 0.0}, 0.1, 0.01),
}


@pytest.mark.parametrize("name", STEPS)
def test_a_changed_rate_acts_at_once_but_in_a_velocity(name):
    hyper, *steps = STEPS[name]
    rule, params = getattr(rules, name)(**hyper), {"x": np.zeros(1)}
    for rate, step in zip((0.1, 0.01), steps, strict=True):
        before, rule.lr = params["x"].copy(), rate
        rule.update(params, {"x": np.ones(1)})
        assert before - params["x"] == pytest.approx(step, rel=1e-9)
