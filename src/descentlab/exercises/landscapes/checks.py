"""The checks of lesson 09-landscapes."""

import numpy as np
from numpy.random import Generator

from verdicts.spec import FunctionCheck, Probes, ValueCheck, probe


def ridges(rng: Generator) -> Probes:
    """A rate, a curvature, a start and an edge: above the ridge, very close to it, below it, outside either edge."""
    for name, bounds, side in (
        ("above the ridge", (1e-3, 1e-2), 1),
        ("very close to the ridge", (1e-9, 1e-8), 1),
        ("below the ridge", (1e-5, 1e-4), -1),
        ("outside already", (3.0, 5.0), 1),
        ("outside already, below", (3.0, 5.0), -1),
    ):
        lr, curvature, edge = rng.uniform((0.05, 0.7, 1.0), (0.2, 3.0, 2.5)).tolist()
        yield probe(name, lr=lr, curvature=curvature, delta=side * rng.uniform(*bounds), edge=edge)


def balls(rng: Generator) -> Probes:
    """A rate, a momentum and a curvature: no momentum, a short step, a long one."""
    for name, momentum, rates in (
        ("without momentum", (0.0, 0.0), (0.05, 0.2)),
        ("a short step", (0.85, 0.95), (0.002, 0.005)),
        ("a long step", (0.5, 0.8), (0.1, 0.3)),
    ):
        lr, curvature = rng.uniform(*rates), rng.uniform(0.7, 3.0)
        yield probe(name, lr=lr, momentum=rng.uniform(*momentum), curvature=curvature)


def warm_places(rng: Generator) -> Probes:
    """Parameters, their gradient, a rate, a temperature and noise: warm, hot, and at temperature zero."""
    for name, temperatures in (("warm", (0.05, 0.2)), ("hot", (2.0, 5.0)), ("cold", (0.0, 0.0))):
        theta, g, noise = rng.normal(size=(3, 5))
        lr, temperature = rng.uniform(0.02, 0.3), rng.uniform(*temperatures)
        yield probe(name, theta=theta, g=g, lr=lr, temperature=temperature, noise=noise)


def wells(rng: Generator) -> Probes:
    """The lowest values and the curvatures of some wells, and a temperature."""
    uniform = rng.uniform
    for name, count in (("wells of equal width", 3), ("wells of equal depth", 2), ("any wells", 4)):
        bottoms, curvatures = uniform(-0.6, 0.6, count), uniform(0.5, 9.0, count)
        temperature = uniform(0.15, 0.4)
        if name == "wells of equal width":
            curvatures = np.full(count, uniform(1.5, 4.0))
        if name == "wells of equal depth":
            bottoms = np.full(count, uniform(0.2, 0.6))
        yield probe(name, bottoms=bottoms, curvatures=curvatures, temperature=temperature)


def descents(rng: Generator) -> Probes:
    """A rate below 2/L, L, the height of the start, a number of calls, a noise."""
    for name, share, noise in (
        ("a short step", (0.1, 0.3), (0.0, 0.0)),
        ("a longer step", (1.2, 1.8), (0.0, 0.0)),
        ("a short step, noise", (0.1, 0.3), (0.3, 0.8)),
        ("a longer step, noise", (0.6, 0.9), (1.5, 3.0)),
    ):
        L, gap, calls = rng.uniform(1.5, 6.0), rng.uniform(0.5, 4.0), int(rng.integers(20, 90))
        lr, sigma = rng.uniform(*share) / L, rng.uniform(*noise)
        yield probe(name, lr=lr, L=L, gap=gap, calls=calls, sigma=sigma)


CHECKS = (
    FunctionCheck("landscapes/leave", "09-landscapes, calls until it leaves", ridges),
    FunctionCheck("landscapes/growth", "09-landscapes, momentum on a ridge", balls),
    FunctionCheck("landscapes/noisy-step", "09-landscapes, a step at a temperature", warm_places),
    FunctionCheck("landscapes/shares", "09-landscapes, the share of each well", wells),
    ValueCheck("landscapes/balance", "09-landscapes, as many in both"),
    FunctionCheck("landscapes/slope", "09-landscapes, the slope that is promised", descents),
)
