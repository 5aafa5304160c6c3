"""Lesson 04's functions: right ones pass however written, each likely slip loses its own criterion."""

import numpy as np

from descentlab.judging import run

SEEDS = (0, 1, 77, 2**63 - 1)


def hindsight(gradients, total):
    lengths = np.linalg.norm(gradients, axis=0)
    return total * lengths / lengths.sum()


def hindsight_in_a_loop(gradients, total):
    lengths = [float(sum(g * g for g in column)) ** 0.5 for column in gradients.T]
    return [total * length / sum(lengths) for length in lengths]


def surprise(calls, usual, big):
    """The calm is played call by call."""
    h = 0.0
    for g in [usual] * calls + [big]:
        h += g * g
        step = -g / h**0.5
    return step


def surprise_as_an_angle(calls, usual, big):
    return -np.sin(np.arctan2(big, usual * np.sqrt(calls)))


def best_bound(farthest, G):
    lr = np.sqrt(farthest**2 / 2)
    return {"lr": lr, "bound": 2 * lr * sum(G)}


def best_bound_by_search(farthest, G):
    lrs = farthest * np.linspace(0.70710678, 0.70710679, 100)
    bounds = (farthest**2 / (2 * lrs) + lrs) * np.sum(G)
    return {"lr": farthest / 2**0.5, "bound": bounds.min()}


def rescaled(A, h):
    c = np.sqrt(np.sqrt(h))
    return np.diag(1 / c) @ A @ np.diag(1 / c)


def rescaled_entry_by_entry(A, h):
    d = len(h)
    return [[A[i, j] / (h[i] * h[j]) ** 0.25 for j in range(d)] for i in range(d)]


RIGHT = [
    ("adagrad/hindsight", hindsight),
    ("adagrad/hindsight", hindsight_in_a_loop),
    ("adagrad/after-a-calm", surprise),
    ("adagrad/after-a-calm", surprise_as_an_angle),
    ("adagrad/best-bound", best_bound),
    ("adagrad/best-bound", best_bound_by_search),
    ("adagrad/rescaled", rescaled),
    ("adagrad/rescaled", rescaled_entry_by_entry),
]

WRONG = [
    ("adagrad/hindsight", lambda g, total: total * np.ones(g.shape[1]) / g.shape[1], 0.0),
    ("adagrad/after-a-calm", lambda calls, usual, big: -1.0, 0.0),
    ("adagrad/after-a-calm", lambda calls, usual, big: -np.sign(big), 0.0),
    ("adagrad/after-a-calm", lambda calls, usual, big: float("nan"), 0.0),
    ("adagrad/after-a-calm", lambda calls, usual, big: -big / (usual * calls**0.5) if calls else -1.0, 0.0),
    ("adagrad/best-bound", lambda farthest, G: tuple(best_bound(farthest, G).values()), 0.0),
    ("adagrad/best-bound", lambda farthest, G: {"lr": best_bound(farthest, G)["lr"]}, 1 / 3),
    ("adagrad/best-bound", lambda farthest, G: {"lr": 2.0 * farthest, "bound": float("nan")}, 0.0),
    ("adagrad/rescaled", lambda A, h: A, 0.0),
]


def test_numbers_that_differ_look_different():
    verdict = run("adagrad/after-a-calm", lambda *problem: surprise(*problem) * (1 + 3e-9))
    said = verdict.criteria[0].message
    yours, _, expected = said.partition("yours ")[2].partition(", expected ")
    assert yours != expected, said
