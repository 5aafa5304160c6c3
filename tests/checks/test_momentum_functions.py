"""The momentum lesson's function checks: right answers pass at every seed, likely slips lose their share."""

import re

import numpy as np
import pytest

from descentlab.judging import run

SEEDS = (0, 1, 2, 12345, 2**63 - 1)


def from_ball(m, c, h):
    return h**2 / (m + c * h), m / (m + c * h)


def matrix(lr, mu, curvature):
    return np.array([[1 + mu - lr * curvature, -mu], [1.0, 0.0]])


def read_off(path):
    moves = np.diff(path)
    return np.linalg.lstsq(np.stack([-path[1:-1], moves[:-1]], axis=1), moves[1:], rcond=None)[0]


def read_off_two_equations(path):
    (b, c), moves = path[-3:-1], np.diff(path[-4:])
    return tuple(np.linalg.solve([[-b, moves[0]], [-c, moves[1]]], moves[1:]))


def read_off_the_matrix(path):
    (p, q), *_ = np.linalg.lstsq(np.stack([path[1:-1], path[:-2]], axis=1), path[2:], rcond=None)
    return 1 - q - p, -q


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
    ("momentum/read-off", read_off),
    ("momentum/read-off", read_off_two_equations),
    ("momentum/read-off", read_off_the_matrix),
    ("momentum/limit", lambda mu, curvatures: 2 * (1 + mu) / max(curvatures)),
    ("momentum/limit", lambda mu, curvatures: np.min((2 + 2 * mu) / curvatures)),
    ("momentum/tuned", tuned),
    ("momentum/tuned", tuned_by_kappa),
]
WRONG = [
    ("momentum/ball", lambda m, c, h: from_ball(m, c, h)[::-1], 0),
    ("momentum/ball", lambda m, c, h: (h / (m + c * h), m / (m + c * h)), 0),
    ("momentum/matrix", lambda lr, mu, k: np.array([[mu, -lr * k], [mu, 1 - lr * k]]), 0),
    ("momentum/read-off", lambda path: read_off(path)[::-1], 0),
    ("momentum/read-off", lambda path: (1 - path[1] / path[0], 0.9), 0),
    ("momentum/read-off", lambda path: (read_off(path)[0], read_off(path)[1] ** 0.5), 0),
    ("momentum/limit", lambda mu, curvatures: 2 * (1 + mu) / curvatures[0], 1 / 2),
    ("momentum/tuned", lambda low, high: (2 / (low + high), 0.0), 1 / 3),
    ("momentum/tuned", lambda low, high: (tuned(low, high)[0], tuned(low, high)[1] ** 0.5), 1 / 3),
    ("momentum/tuned", lambda low, high: (tuned(low, high)[0], 0.9), 0),
]


def test_a_verdict_names_each_wrong_part_and_the_arguments_to_try():
    cause = run("momentum/ball", lambda m, c, h: (h / (m + c), 1.5)).numbers
    found = re.fullmatch(
        r"Ball 1 \(mass = (\S+), friction = (\S+), h = (\S+)\): "
        r"your η \S+, expected (\S+); your μ 1.5, expected (\S+)",
        cause,
    )
    assert found, cause
    m, c, h, lr, mu = map(float, found.groups())
    assert from_ball(m, c, h) == pytest.approx((lr, mu), rel=1e-4)


def test_arguments_that_are_no_numbers_are_not_listed():
    verdict = run("momentum/limit", lambda mu, curvatures: 1.0 + curvatures[0])
    assert verdict.criteria[0].message.startswith("μ = 0: yours ")
    assert verdict.numbers.startswith("μ = 0: yours "), "a symbol has no capital letter"


def test_a_measurement_that_is_nearly_right_says_how_far_it_is_off():
    def too_large(make_rule, gradient, start):
        moved = {"theta": np.zeros(1)}
        make_rule(1.0).update(moved, {"theta": -np.ones(1)})
        hessian = [gradient(axis) for axis in np.eye(len(start))]
        return 1.04 * 1.9 / (moved["theta"][0] * np.linalg.eigvalsh(hessian).max())

    cause = run("sgd/largest-stable", too_large).cause
    assert re.search(r": (3\.9|4\.0|4\.1)% off, and 2% is allowed$", cause), cause


def test_an_exchanged_pair_is_said_to_be_in_the_other_order():
    assert "in the other order" in run("momentum/ball", lambda m, c, h: from_ball(m, c, h)[::-1]).cause
