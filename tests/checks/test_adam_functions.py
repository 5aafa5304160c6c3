"""Lesson 06's functions and its value: right ones pass however written, likely slips are named."""

import numpy as np
import pytest

from descentlab.exercises.adam.withheld.reference import longest_step
from descentlab.rules import Adam


@pytest.mark.parametrize("t", [1, 2, 30, 300])
def test_the_longest_step_is_one_that_adam_takes(t):
    """On gradients for which Cauchy and Schwarz are equal."""
    decays = {"beta1": 0.8, "beta2": 0.98}
    rule, params = Adam(lr=1.0, eps=0.0, **decays), {"x": np.zeros(1)}
    for k in reversed(range(t)):
        before = params["x"].copy()
        rule.update(params, {"x": np.array([(0.8 / 0.98) ** k])})
    assert longest_step(decays | {"t": t}) == pytest.approx(abs(params["x"] - before).item(), rel=1e-9)


def test_no_gradients_make_a_longer_step():
    rng, t = np.random.default_rng(3), 12
    p, q = (b ** np.arange(t) / np.sum(b ** np.arange(t)) for b in (0.8, 0.98))
    grads = rng.standard_normal((100_000, t)) * 0.8 ** rng.integers(0, 3, (100_000, 1)) ** np.arange(t)
    made = np.abs(grads @ p) / np.sqrt(grads**2 @ q)
    assert made.max() <= longest_step({"beta1": 0.8, "beta2": 0.98, "t": t})
