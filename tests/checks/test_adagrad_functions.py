"""Lesson 04's functions: right ones pass however written, each likely slip loses its own criterion."""

import numpy as np

from descentlab.checks import run
from descentlab.exercises.catalogue import mistake

SEEDS = (0, 1, 77, 2**63 - 1)


def hindsight(gradients, total):
    lengths = np.linalg.norm(gradients, axis=0)
    return total * lengths / lengths.sum()


def hindsight_in_a_loop(gradients, total):
    lengths = [float(sum(g * g for g in column)) ** 0.5 for column in gradients.T]
    return [total * length / sum(lengths) for length in lengths]


def lemma(g):
    S = np.cumsum(g**2)
    return np.sum(g[S > 0] ** 2 / np.sqrt(S[S > 0])) / np.sqrt(S[-1])


def lemma_in_a_loop(g):
    total, added = 0.0, 0.0
    for x in g:
        total += x * x
        added += x * x / max(total, 1e-300) ** 0.5
    return added / total**0.5


def steps(rule, gradients):
    params = {"theta": np.zeros(gradients.shape[1])}
    path = [params["theta"].copy()]
    for g in gradients:
        rule.update(params, {"theta": g.copy()})
        path.append(params["theta"].copy())
    return np.diff(path, axis=0)


RIGHT = [
    ("adagrad/hindsight", hindsight),
    ("adagrad/hindsight", hindsight_in_a_loop),
    ("adagrad/lemma", lemma),
    ("adagrad/lemma", lemma_in_a_loop),
    ("adagrad/steps", steps),
    ("adagrad/surprise", 0.7071),
    ("adagrad/surprise", np.float64(1 / np.sqrt(2))),
]


def lemma_that_divides_by_zero(g):
    with np.errstate(invalid="ignore"):
        S = np.cumsum(g**2)
        return np.sum(g**2 / np.sqrt(S)) / np.sqrt(S[-1])


def lemma_with_the_old_sum(g):
    S = np.cumsum(g**2)
    return np.sum(g[1:] ** 2 / np.sqrt(np.maximum(S[:-1], 1e-30))) / np.sqrt(S[-1])


WRONG = [
    ("adagrad/hindsight", lambda g, total: total * np.sum(g**2, axis=0) / np.sum(g**2), 0.0),
    ("adagrad/hindsight", lambda g, total: np.linalg.norm(g, axis=0), 0.0),
    ("adagrad/hindsight", lambda g, total: total * np.ones(g.shape[1]) / g.shape[1], 0.0),
    ("adagrad/hindsight", lambda g, total: total * np.abs(g).sum(axis=0) / np.abs(g).sum(), 0.0),
    ("adagrad/lemma", lemma_that_divides_by_zero, 2 / 3),
    ("adagrad/lemma", lemma_with_the_old_sum, 0.0),
    ("adagrad/lemma", lambda g: 2.0, 0.0),
    ("adagrad/lemma", lambda g: np.sum(g**2 / np.sqrt(np.cumsum(g**2) + 1e-300)), 0.0),
    ("adagrad/steps", mistake("adagrad/one-array-watched").make(), 2 / 3),
    ("adagrad/steps", mistake("adagrad/places-not-copied").make(), 1 / 3),
    ("adagrad/steps", lambda rule, g: -g, 0.0),
    ("adagrad/steps", lambda rule, g: np.cumsum(steps(rule, g), axis=0), 0.0),
    ("adagrad/surprise", 1.0, 0.0),
    ("adagrad/surprise", 10 / np.sqrt(101), 0.0),
    ("adagrad/surprise", float("nan"), 0.0),
]


def test_numbers_that_differ_look_different():
    def lemma_off_by_little(g):
        return lemma(g) * (1 + 3e-9)

    verdict = run("adagrad/lemma", lemma_off_by_little)
    said = verdict.criteria[0].message
    yours, _, expected = said.partition("yours ")[2].partition(", expected ")
    assert yours != expected, said
