"""The Nesterov lesson's function checks: right answers pass at every seed, likely slips lose their share."""

import numpy as np

from descentlab.judging import run
from descentlab.judging.display import as_text

SEEDS = (0, 1, 2, 12345, 2**63 - 1)


def look_ahead(gradient, theta, lr, mu, steps, at=lambda theta, v, mu: theta + mu * v):
    v = np.zeros_like(theta)
    places = [theta]
    for _ in range(steps):
        v = mu * v - lr * gradient(at(theta, v, mu))
        theta = theta + v
        places.append(theta)
    return np.array(places)


def with_a_number_for_the_first_velocity(gradient, theta, lr, mu, steps):
    v, places = 0, [theta]
    for _ in range(steps):
        v = mu * v - lr * gradient(theta + mu * v)
        theta = theta + v
        places.append(theta)
    return places


def by_the_stored_point(gradient, theta, lr, mu, steps):
    y, v = theta.copy(), np.zeros_like(theta)
    rows = [y - mu * v]
    for _ in range(steps):
        before, v = v, mu * v - lr * gradient(y)
        y = y - mu * before + (1 + mu) * v
        rows.append(y - mu * v)
    return rows


def in_place(gradient, theta, lr, mu, steps):
    v = np.zeros_like(theta)
    places = [theta]
    for _ in range(steps):
        v = mu * v - lr * gradient(theta + mu * v)
        theta += v
        places.append(theta)
    return np.array(places)


def in_place_on_copies(gradient, theta, lr, mu, steps):
    v = np.zeros_like(theta)
    places = [theta.copy()]
    for _ in range(steps):
        v = mu * v - lr * gradient(theta + mu * v)
        theta += v
        places.append(theta.copy())
    return np.array(places)


def stored(gradient, theta, lr, mu, steps):
    places = look_ahead(gradient, theta, lr, mu, steps)
    return places + mu * np.diff(places, axis=0, prepend=places[:1])


def matrix(lr, mu, k):
    return np.array([[(1 - lr * k) * (1 + mu), -(1 - lr * k) * mu], [1, 0]])


def limit(mu, curvatures):
    return (2 + 2 * mu) / (1 + 2 * mu) / max(curvatures)


def critical(lr, k):
    root = np.sqrt(lr * k)
    return (1 - root) / (1 + root)


def by_the_quadratic(lr, k):
    a = lr * k
    if a == 1:
        return 0.0
    b = (1 + a) / (1 - a)
    return b - np.sqrt(b**2 - 1)


def by_trying(lr, k):
    low, high = 0.0, 1.0
    for _ in range(60):
        mu = (low + high) / 2
        low, high = (mu, high) if (1 - lr * k) * (1 + mu) ** 2 > 4 * mu else (low, mu)
    return low


RIGHT = [
    ("nesterov/look-ahead", look_ahead),
    ("nesterov/look-ahead", by_the_stored_point),
    ("nesterov/look-ahead", with_a_number_for_the_first_velocity),
    ("nesterov/matrix", matrix),
    ("nesterov/matrix", lambda lr, mu, k: matrix(lr, mu, k).tolist()),
    ("nesterov/limit", limit),
    ("nesterov/limit", lambda mu, curvatures: min(limit(mu, [c]) for c in curvatures)),
    ("nesterov/critical", critical),
    ("nesterov/critical", by_the_quadratic),
    ("nesterov/critical", by_trying),
    ("nesterov/slip", " c "),
]
WRONG = [
    ("nesterov/look-ahead", lambda *p: look_ahead(*p)[-1], 0),
    ("nesterov/look-ahead", lambda *p: look_ahead(*p)[::-1], 0),
    ("nesterov/look-ahead", in_place_on_copies, 5 / 6),
    ("nesterov/look-ahead", stored, 0),
    ("nesterov/limit", lambda mu, curvatures: limit(mu, curvatures[:1]), 2 / 3),
    ("nesterov/critical", lambda lr, k: 1 / critical(lr, k) if lr * k < 1 else 0.0, 0),
    ("nesterov/slip", 3, 0),
]


def test_the_expected_letter_is_never_shown():
    text = as_text(run("nesterov/slip", "B"), 2)
    assert "Your answer is 'B'. Expected: the letter of a line" in text
    assert "'C'" not in text


def test_each_wrong_line_gets_a_question_of_its_own_that_leaves_the_right_one_open():
    hints = [run("nesterov/slip", letter).hint for letter in "ABD"]
    assert len(set(hints)) == 3
    assert all(hint and "line C" not in hint for hint in hints)
