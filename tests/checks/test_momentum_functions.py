"""The momentum lesson's function checks: right answers pass at every seed, likely slips lose their share."""

import numpy as np
import pytest

from descentlab.checks import run
from descentlab.objectives import descend, quadratic
from descentlab.rules import Momentum

SEEDS = (0, 1, 2, 12345, 2**63 - 1)


def from_ball(m, c, h):
    return h**2 / (m + c * h), m / (m + c * h)


def matrix(lr, mu, curvature):
    return np.array([[1 + mu - lr * curvature, -mu], [1.0, 0.0]])


def limit(make_rule, curvature, halvings=14, steps=300, bound=1.0):
    stable, unstable = 0.0, 10 / curvature
    for _ in range(halvings):
        middle = (stable + unstable) / 2
        end = abs(descend(make_rule(middle), quadratic([curvature]), steps)[-1, 0])
        stable, unstable = (middle, unstable) if end < bound else (stable, middle)
    return stable


def limit_without_descend(make_rule, curvature):
    lr = 0.0
    while True:
        rule, params = make_rule(lr + 0.015 / curvature), {"x": np.ones(2)}
        for _ in range(300):
            rule.update(params, {"x": curvature * params["x"]})
        if not np.abs(params["x"]).max() < 1:
            return lr
        lr += 0.015 / curvature


def one_rule_for_all(make_rule, curvature):
    rule = make_rule(0.0)

    def again(lr):
        rule.lr = lr
        return rule

    return limit(again, curvature)


def tuned(low, high):
    lr = (2 / (low**0.5 + high**0.5)) ** 2
    return lr, (1 - (lr * low) ** 0.5) ** 2


def tuned_by_kappa(low, high):
    root = np.sqrt(high / low)
    return np.array([4 / (np.sqrt(low) + np.sqrt(high)) ** 2, ((root - 1) / (root + 1)) ** 2])


RIGHT = [
    ("momentum/ball", from_ball),
    ("momentum/ball", lambda m, c, h: list(from_ball(m, c, h))),
    ("momentum/ball", lambda m, c, h: (h / (m / h + c), 1 / (1 + c * h / m))),
    ("momentum/matrix", matrix),
    ("momentum/matrix", lambda lr, mu, k: [[1 + mu - lr * k, -mu], [1, 0]]),
    ("momentum/stability", limit),
    ("momentum/stability", lambda make, k: limit(make, k, halvings=30, steps=1000)),
    ("momentum/stability", lambda make, k: limit(make, k, bound=10.0)),
    ("momentum/stability", limit_without_descend),
    ("momentum/tuned", tuned),
    ("momentum/tuned", tuned_by_kappa),
]
WRONG = [
    ("momentum/ball", lambda m, c, h: from_ball(m, c, h)[::-1], 0),
    ("momentum/ball", lambda m, c, h: (h**2 / m, 1 - c * h / m), 1 / 3),
    ("momentum/ball", lambda m, c, h: (h / (m + c * h), m / (m + c * h)), 0),
    ("momentum/matrix", lambda lr, mu, k: matrix(lr, mu, k).T, 0),
    ("momentum/matrix", lambda lr, mu, k: np.array([[1 + mu - lr * k, mu], [1, 0]]), 1 / 3),
    ("momentum/matrix", lambda lr, mu, k: np.array([[mu, -lr * k], [mu, 1 - lr * k]]), 0),
    ("momentum/stability", lambda make, k: 2 / k, 0),
    ("momentum/stability", lambda make, k: limit(lambda lr: Momentum(lr, 0.9), k), 0),
    ("momentum/stability", lambda make, k: limit(make, 2.0), 0),
    ("momentum/tuned", lambda low, high: (2 / (low + high), 0.0), 1 / 3),
    ("momentum/tuned", lambda low, high: (tuned(low, high)[0], tuned(low, high)[1] ** 0.5), 1 / 3),
    ("momentum/tuned", lambda low, high: (tuned(low, high)[0], 0.9), 0),
]


@pytest.mark.parametrize(("name", "answer"), RIGHT)
def test_a_right_answer_earns_full_points_at_every_seed(name, answer):
    for seed in SEEDS:
        verdict = run(name, answer, seed)
        assert verdict.fraction == 1, verdict.cause


@pytest.mark.parametrize(("name", "answer", "fraction"), WRONG)
def test_a_slip_loses_the_criterion_it_breaks(name, answer, fraction):
    for seed in SEEDS:
        assert run(name, answer, seed).fraction == pytest.approx(fraction)


def test_an_unknown_rule_is_measured_from_a_fresh_state():
    assert run("momentum/stability", one_rule_for_all).fraction < 1
