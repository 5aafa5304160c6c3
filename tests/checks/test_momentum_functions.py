"""The momentum lesson's function checks: right answers pass at every seed, likely slips lose their share."""

import re

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


def limit_by(is_stable, make_rule, curvature, steps=300):
    stable, unstable = 0.0, 10 / curvature
    for _ in range(14):
        middle = (stable + unstable) / 2
        end = descend(make_rule(middle), quadratic([curvature]), steps)[-1, 0]
        stable, unstable = (middle, unstable) if is_stable(end) else (stable, middle)
    return stable


def limit_without_descend(make_rule, curvature):
    lr = np.arange(0.005, 10, 0.005) / curvature
    rule, params = make_rule(lr), {"x": np.ones(len(lr))}
    for _ in range(300):
        rule.update(params, {"x": curvature * params["x"]})
    return lr[np.abs(params["x"]) < 1].max()


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
    ("momentum/stability", lambda make, k: limit(make, k, halvings=20, steps=500)),
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
    ("momentum/stability", lambda make, k: limit_by(lambda end: end < 1, make, k), 2 / 3),
    ("momentum/stability", lambda make, k: limit_by(lambda end: end < 1, make, k, steps=301), 0),
    ("momentum/stability", lambda make, k: limit_by(lambda end: not abs(end) > 1, make, k), 2 / 3),
    ("momentum/stability", lambda make, k: limit_by(np.isfinite, make, k), 0),
    ("momentum/tuned", lambda low, high: (2 / (low + high), 0.0), 1 / 3),
    ("momentum/tuned", lambda low, high: (tuned(low, high)[0], tuned(low, high)[1] ** 0.5), 1 / 3),
    ("momentum/tuned", lambda low, high: (tuned(low, high)[0], 0.9), 0),
]


def test_an_unknown_rule_is_measured_from_a_fresh_state():
    assert run("momentum/stability", one_rule_for_all).fraction < 1


def test_a_verdict_names_each_wrong_part_and_the_arguments_to_try():
    cause = run("momentum/ball", lambda m, c, h: (h / (m + c), 1.5)).cause
    found = re.fullmatch(
        r"Ball 1 \(mass = (\S+), friction = (\S+), h = (\S+)\): "
        r"your η \S+, expected (\S+); your μ 1.5, expected (\S+)",
        cause,
    )
    assert found, cause
    m, c, h, lr, mu = map(float, found.groups())
    assert from_ball(m, c, h) == pytest.approx((lr, mu), rel=1e-4)


def test_arguments_that_are_no_numbers_are_not_listed():
    verdict = run("momentum/stability", lambda make, k: 1.0)
    assert verdict.criteria[0].message.startswith("a rule without memory, flat: yours 1")


def test_a_measurement_that_is_nearly_right_says_how_far_it_is_off():
    verdict = run("momentum/stability", lambda make, k: 1.03 * limit(make, k))
    assert re.search(r": (2\.9|3\.0|3\.1)% off, and 1% is allowed$", verdict.cause), verdict.cause


def test_an_exchanged_pair_is_said_to_be_in_the_other_order():
    assert "in the other order" in run("momentum/ball", lambda m, c, h: from_ball(m, c, h)[::-1]).cause


def test_parts_that_are_arrays_are_named_with_their_place():
    def all_zero(gradient, theta, lr, momentum, steps):
        return np.zeros((steps + 1, len(theta))), np.zeros((steps + 1, len(theta)))

    cause = run("nesterov/look-ahead", all_zero).cause
    assert re.fullmatch(
        r"One step: your places\[0, 0\] 0, expected \S+; your velocities\[1, 0\] 0, expected \S+", cause
    )
