"""Problems that the checks of several lessons share."""

from collections.abc import Callable, Mapping

import numpy as np
from numpy.random import Generator

from verdicts.spec import Probes, probe

Gradient = Callable[[np.ndarray], np.ndarray]
"""Of a loss, by θ."""


def between(rng: Generator, **bounds: tuple[float, float]) -> dict[str, float]:
    """A number between each pair of bounds, by name."""
    return {name: rng.uniform(*pair) for name, pair in bounds.items()}


def linear(matrix: np.ndarray) -> Gradient:
    """The gradient of ½ θᵀ A θ."""
    return lambda theta: matrix @ theta


def settings(rng: Generator, largest_lr: float = 0.5) -> Probes:
    """η, μ and a curvature, whose step is one matrix; the first has no memory."""
    for name, lowest, highest in (("μ = 0", 0.0, 0.0), ("μ small", 0.1, 0.4), ("μ large", 0.6, 0.95)):
        momentum = rng.uniform(lowest, highest)
        lr, curvature = rng.uniform((0.05, 0.5), (largest_lr, 3.0)).tolist()
        yield probe(name, lr=lr, momentum=momentum, curvature=curvature)


def bowls(rng: Generator) -> Probes:
    """A momentum and the unordered curvatures of a bowl; the first has no memory, two have one axis."""
    for name, momentum, axes in (("μ = 0", 0.0, 1), ("one curvature", None, 1), ("many curvatures", None, 4)):
        chosen = rng.uniform(0.3, 0.9) if momentum is None else momentum
        curvatures = rng.uniform(0.2, 5.0, size=axes)
        if axes > 1:
            curvatures[1] = 6.0 + rng.uniform()
        yield probe(name, momentum=chosen, curvatures=curvatures)


def calls_and_decays(rng: Generator, calls: Mapping[str, int], **decays: tuple[float, float]) -> Probes:
    """Decays between these bounds, and the number of a call or of calls, by the probe's name."""
    for name, t in calls.items():
        yield probe(name, **between(rng, **decays), t=t)
