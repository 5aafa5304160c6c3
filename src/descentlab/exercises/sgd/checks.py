"""The checks of lesson 01-sgd."""

from typing import Any

import numpy as np
from numpy.random import Generator

from descentlab.exercises.shared_probes import between, linear
from descentlab.objectives import Arrays
from descentlab.rule_check.definition import RuleCheck
from verdicts.spec import FunctionCheck, FunctionProbe, Probes, ValueCheck, call_function, probe

RUNS, LONGEST_RUN = 100, 420
"""Runs that an answer may make, and a few calls more than one is to have."""


class Fading:
    """θ ← 0.9 θ − s η g: no rule of a lesson, and the bowl's curvatures alone do not give its limit.

    A step that is far too long for its parameters is cut: else the one from zero would be −η g. After the calls of a run
    it grows three times as long: a rule has a memory, and each run needs a new one.
    """

    def __init__(self, lr: float, stretch: float):
        self.lr, self.stretch, self.calls = lr, stretch, 0

    def update(self, params: Arrays, grads: Arrays) -> None:
        self.calls += 1
        if self.calls == LONGEST_RUN:
            self.stretch *= 3
        for key, g in grads.items():
            longest = 9 * np.abs(params[key]).max()
            params[key] *= 0.9
            # Faster on short arrays than `np.clip`: answers call it ten thousand times.
            params[key] -= np.minimum(np.maximum(self.lr * self.stretch * g, -longest), longest)


def bowls(rng: Generator) -> Probes:
    """Quadratics on which a rule's largest stable η is measured: along the axes, turned, in three dimensions.

    Two of each kind, one clearly steeper: no η is right for both.
    """
    for name, d, steepest, is_turned in (
        ("a bowl along the axes", 2, (2.0, 4.0), False),
        ("a steeper bowl along the axes", 2, (5.0, 9.0), False),
        ("a turned bowl", 2, (5.0, 9.0), True),
        ("a bowl in three dimensions", 3, (2.0, 4.0), True),
    ):
        curvatures = rng.uniform(0.2, 1.0, d)
        curvatures[-1] = rng.uniform(*steepest)
        turn = np.linalg.qr(rng.normal(size=(d, d)))[0] if is_turned else np.eye(d)
        stretch, start = rng.uniform(0.5, 0.9), turn @ np.ones(d)
        gradient = linear(turn @ np.diag(curvatures) @ turn.T)
        args = (lambda lr, stretch=stretch: Fading(lr, stretch), gradient, start)
        yield FunctionProbe(name, args, {"curvatures": curvatures, "stretch": stretch, "start": start})


def in_a_hundred_runs(run: dict[str, Any], answer: Any, bowl: FunctionProbe) -> None:
    """Record the limit that a search finds with as many rules as it may make."""
    make, *others = bowl.args
    left = iter(range(RUNS))

    def limited(lr: float) -> Fading:
        if next(left, None) is None:
            raise RuntimeError(f"{RUNS} runs are made, and no more are allowed")
        return make(lr)

    call_function(run, answer, FunctionProbe(bowl.name, (limited, *others), bowl.data))


def rates(rng: Generator) -> Probes:
    """Learning rates below the best one, unstable, and above the best one: the factors neither rise nor fall."""
    for name, lowest, highest in (
        ("a small η", 0.1, 0.6),
        ("an η that is not stable", 2.5, 4.0),
        ("an η above the best", 1.2, 1.6),
    ):
        # Neither end of the array holds an extreme: their order is not given.
        curvatures = np.sort(rng.uniform(0.2, 5.0, 4))[[1, 3, 0, 2]]
        lr = float(rng.uniform(lowest, highest) * 2 / (curvatures.min() + curvatures.max()))
        yield probe(name, lr=lr, curvatures=curvatures)


def noisy_bowls(rng: Generator) -> Probes:
    """A bowl's axis, its rate, the noise of one example, and batches of one, of a few, of many."""
    for name, batch in (("a batch of one", 1), ("a small batch", 3), ("a large batch", 40)):
        drawn = between(rng, lr=(0.1, 0.6), curvature=(0.4, 2.5), sigma=(1.3, 3.0))
        yield probe(name, **drawn, batch=batch)


def batches(rng: Generator) -> Probes:
    """Batches drawn from the rows of a data set, from one row to all of them."""
    for name, rows, batch in (
        ("two of few rows", 5, 2),
        ("some of many rows", 1000, 30),
        ("most of the rows", 60, 45),
        ("a single row", 12, 1),
        ("all rows", 12, 12),
    ):
        yield probe(name, one=rng.uniform(1.5, 9.0), rows=rows, batch=batch)


CHECKS = (
    RuleCheck("sgd/update", "01-sgd, the step", "SGD", remembers=False),
    FunctionCheck("sgd/largest-stable", "01-sgd, measure the limit", bowls, call=in_a_hundred_runs),
    FunctionCheck("sgd/worst-factor", "01-sgd, how far is too far", rates),
    ValueCheck("sgd/best-lr", "01-sgd, the best constant step"),
    FunctionCheck("sgd/noise-floor", "01-sgd, gradients with noise", noisy_bowls),
    FunctionCheck("sgd/batch-noise", "01-sgd, the noise of a batch", batches),
)
