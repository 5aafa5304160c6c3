"""The checks of lesson 08-practice."""

from functools import partial

import numpy as np
from numpy.random import Generator

from descentlab.exercises.shared_probes import between, calls_and_decays
from descentlab.rule_check.definition import RuleCheck
from verdicts.spec import FunctionCheck, Probes, probe


def noisy_parabolas(rng: Generator) -> Probes:
    """A mean square distance, a curvature, a noise: far above the floor, near it, without noise."""
    for name, distances, noise in (
        ("far away", (20.0, 90.0), (0.4, 0.8)),
        ("near the minimum", (0.01, 0.05), (0.4, 0.8)),
        ("no noise", (0.5, 2.0), (0.0, 0.0)),
    ):
        yield probe(name, **between(rng, a=distances, curvature=(1.2, 3.0), sigma=noise))


def noisy_runs(rng: Generator) -> Probes:
    """η, a curvature, a noise, a number of calls: one call, a few, many, and steps beyond the minimum."""
    for name, product, calls in (
        ("a few calls", (0.2, 0.6), 4),
        ("many calls", (0.05, 0.2), 300),
        ("one call", (0.3, 0.7), 1),
        ("steps beyond the minimum", (1.3, 1.7), 6),
    ):
        curvature, sigma = rng.uniform((1.2, 0.4), (3.0, 0.8)).tolist()
        yield probe(name, lr=rng.uniform(*product) / curvature, curvature=curvature, sigma=sigma, calls=calls)


averages = partial(
    calls_and_decays, calls={"the first call": 1, "an early call": 7, "a late call": 3000}, beta=(0.85, 0.97)
)
"""The first call, an early one, one after which nothing changes."""


def gradients_and_limits(rng: Generator) -> Probes:
    """Gradients of a matrix, a vector and a number, and a limit: below their norm and above it, and zeros."""
    for name, share in (("above the limit", 0.3), ("just above the limit", 0.9), ("below the limit", 1.5)):
        grads = {"W": rng.normal(size=(3, 2)), "b": 3 * rng.normal(size=4), "s": np.array(rng.normal())}
        norm = float(np.sqrt(sum(np.sum(g**2) for g in grads.values())))
        yield probe(name, grads=grads, limit=share * norm)
    zeros = {"W": np.zeros((3, 2)), "b": np.zeros(4), "s": np.array(0.0)}
    yield probe("a gradient of zeros", grads=zeros, limit=rng.uniform(0.5, 2.0))


def pulls(rng: Generator) -> Probes:
    """A curvature, a minimum and a weight decay: the minimum inside the box, even nearer than 1, or outside."""
    for name, share in (
        ("a near minimum", (0.3, 0.8)),
        ("a near minimum below zero", (-0.8, -0.3)),
        ("a far minimum", (1.5, 3.0)),
        ("a far minimum below zero", (-3.0, -1.5)),
        ("a minimum close to zero", (0.05, 0.15)),
        ("a minimum just below zero", (-0.15, -0.05)),
    ):
        curvature, weight_decay = rng.uniform((1.2, 0.2), (3.0, 0.45)).tolist()
        minimum = rng.uniform(*share) / weight_decay
        yield probe(name, curvature=curvature, minimum=minimum, weight_decay=weight_decay)


CHECKS = (
    FunctionCheck("practice/best-next", "08-practice, the best next step", noisy_parabolas),
    FunctionCheck("practice/mean-leaves", "08-practice, what a mean leaves", noisy_runs),
    RuleCheck("practice/adamw", "08-practice, weight decay that Adam cannot undo", "AdamW"),
    FunctionCheck("practice/effective", "08-practice, what an average is worth", averages),
    FunctionCheck("practice/clip", "08-practice, clip", gradients_and_limits),
    FunctionCheck("practice/rest", "08-practice, where a weight rests", pulls),
)
