"""Lesson 05's functions: right ones pass however written, each likely slip loses its own criterion."""

import re
from pathlib import Path

import numpy as np

from descentlab.exercises.rmsprop.answers.reference import RUNS

SEEDS = (0, 1, 77, 2**63 - 1)


def decay_for(held, usual, calls):
    """Bisection on a replay of the calls."""
    low, high = 0.0, 1.0
    for _ in range(60):
        decay, h = (low + high) / 2, held
        for _ in range(calls):
            h = decay * h + (1 - decay) * usual
        low, high = (low, decay) if h > 2 * usual else (decay, high)
    return low


def decay_by_logarithms(held, usual, calls):
    return np.exp(-np.log(held / usual - 1) / calls)


def spread(gradients, decay):
    v = a = 0.0
    for g in gradients:
        delta = g - a
        v = decay * v + decay * (1 - decay) * delta * delta
        a = decay * a + (1 - decay) * g
    return v


def spread_by_weights(gradients, decay):
    """Σ w (g − a)² + (1 − Σ w) a²: nothing is subtracted but the mean."""
    w = (1 - decay) * decay ** np.arange(len(gradients))[::-1]
    a = w @ gradients
    return w @ (gradients - a) ** 2 + decay ** len(gradients) * a**2


def spread_as_an_array(gradients, decay):
    return np.array(spread(gradients, decay))


def faults(steps):
    """Every pair of calls with equal gradients, whatever came before; every pair of first calls."""
    calls = [(run, call) for run in range(4) for call in range(2)]
    same = [(i, j) for i in calls for j in calls if np.array_equal(RUNS[i], RUNS[j])]
    remembers = any(not np.allclose(steps[i], steps[j]) for i, j in same)
    first = [(i, j, key) for i in range(4) for j in range(4) for key in range(2)]
    first = [(i, j, key) for i, j, key in first if RUNS[i, 0, key] == RUNS[j, 0, key]]
    mixes = any(not np.isclose(steps[i, 0, key], steps[j, 0, key]) for i, j, key in first)
    return {"remembers": remembers, "mixes": mixes}


RIGHT = [
    ("rmsprop/decay-for", decay_for),
    ("rmsprop/decay-for", decay_by_logarithms),
    ("rmsprop/variance", spread),
    ("rmsprop/variance", spread_by_weights),
    ("rmsprop/variance", spread_as_an_array),
    ("rmsprop/faults", faults),
    ("rmsprop/faults", lambda steps: {key: np.bool_(found) for key, found in faults(steps).items()}),
]


WRONG = [
    ("rmsprop/decay-for", lambda held, usual, calls: 1 - decay_for(held, usual, calls), 0.0),
    ("rmsprop/decay-for", lambda held, usual, calls: float("nan"), 0.0),
    ("rmsprop/variance", lambda g, decay: np.sqrt(spread(g, decay)), 0.0),
    ("rmsprop/variance", lambda g, decay: spread(g, 1 - decay), 0.0),
    ("rmsprop/faults", lambda steps: {"remembers": True, "mixes": False}, 0.0),
    ("rmsprop/faults", lambda steps: {"remembers": False, "mixes": True}, 0.0),
    ("rmsprop/faults", lambda steps: {"remembers": faults(steps)["remembers"], "mixes": False}, 2 / 3),
    ("rmsprop/faults", lambda steps: faults(steps)["remembers"], 0.0),
]


def test_the_lesson_shows_the_runs_of_the_check():
    lesson = Path(__file__).parents[2] / "solutions/05-rmsprop/rmsprop.md"
    table = re.search(r"^runs = (np.array\(.*?^\]\))$", lesson.read_text(), re.MULTILINE | re.DOTALL)
    assert np.array_equal(eval(table[1], {"np": np}), RUNS)
