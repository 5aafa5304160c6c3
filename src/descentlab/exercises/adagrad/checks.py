"""The checks of lesson 04-adagrad."""

import numpy as np
from numpy.random import Generator

from descentlab.rule_check.definition import RuleCheck
from verdicts.spec import FunctionCheck, Probes, probe


def _hindsight_probes(rng: Generator) -> Probes:
    dense = rng.normal(0.0, (1.0, 0.1, 5.0), (12, 3))
    sparse = rng.normal(0.0, (1.0, 1.0, 1.0, 2.0), (40, 4))
    sparse[:, 2] *= np.arange(40) % 10 == 3
    yield probe("three coordinates", gradients=dense, total=rng.uniform(2, 4))
    yield probe("one of four rarely seen", gradients=sparse, total=rng.uniform(5, 9))
    others = rng.normal(0.0, (0.3, 2.0, 1.0), (12, 3))
    yield probe("three others", gradients=others, total=rng.uniform(2, 4))


def _surprise_probes(rng: Generator) -> Probes:
    """Equal gradients, then a larger one, up or down; or none before it."""
    for name, calls, sign in (("upwards", 30, 1), ("downwards", 7, -1), ("the first gradient", 0, -1)):
        usual, times = rng.uniform((0.3, 2.0), (1.5, 6.0)).tolist()
        yield probe(name, calls=calls, usual=usual, big=sign * times * usual)


def _bound_probes(rng: Generator) -> Probes:
    """A largest distance, and the roots of sums of squares."""
    for name, d in (("three coordinates", 3), ("eight coordinates", 8)):
        yield probe(name, farthest=rng.uniform(1.5, 4.0), G=rng.uniform(0.5, 5.0, d))


def _bowl_probes(rng: Generator) -> Probes:
    """A bowl along the axes, a turned one, one of four coordinates, with very different sums."""
    for name, d in (("along the axes", 2), ("turned", 2), ("four coordinates", 4)):
        half = rng.normal(size=(d, d))
        matrix = np.diag(rng.uniform(0.5, 4.0, d)) if name == "along the axes" else half @ half.T + np.eye(d)
        yield probe(name, A=matrix, h=10 ** rng.uniform(-1.0, 2.0, d))


def _words(rng: Generator) -> Probes:
    """A number of calls, and two frequencies."""
    for name, ranks in (("a frequent word", (2, 5)), ("a rare word", (100, 300))):
        largest = rng.uniform(0.05, 0.3)
        yield probe(
            name, calls=int(rng.integers(100, 400)), frequency=largest / rng.uniform(*ranks), largest=largest
        )


CHECKS = (
    FunctionCheck("adagrad/hindsight", "04-adagrad, the best scales", _hindsight_probes),
    RuleCheck("adagrad/update", "04-adagrad, a counter for every word", "AdaGrad"),
    FunctionCheck("adagrad/after-a-calm", "04-adagrad, steps you can predict", _surprise_probes),
    FunctionCheck("adagrad/best-bound", "04-adagrad, without hindsight", _bound_probes),
    FunctionCheck("adagrad/behind", "04-adagrad, why text needs a scale for each word", _words),
    FunctionCheck("adagrad/rescaled", "04-adagrad, the bowl that AdaGrad sees", _bowl_probes),
)
