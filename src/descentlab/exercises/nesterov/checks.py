"""The checks of lesson 03-nesterov."""

from functools import partial

import numpy as np
from numpy.random import Generator

from descentlab.exercises.shared_probes import Gradient, bowls, settings
from descentlab.rule_check.definition import RuleCheck
from verdicts.spec import FunctionCheck, FunctionProbe, Probes, ValueCheck, probe


def bent(steepness: np.ndarray, bend: float) -> Gradient:
    """The gradient of ½ Σ s θ² + ¼ b Σ θ⁴."""
    return lambda theta: steepness * theta + bend * theta**3


def slopes(rng: Generator) -> Probes:
    """Slopes to look ahead on: one step only, without momentum, a bowl, a function that is no bowl."""
    for name, steps, fixed, bend in (
        ("one step", 1, None, 0.0),
        ("μ = 0", 4, 0.0, 0.0),
        ("a bowl", 8, None, 0.0),
        ("not a bowl", 8, None, 0.5),
    ):
        steepness, start = rng.uniform(0.3, 2.0, size=3), rng.uniform(0.4, 1.0, size=3)
        lr = rng.uniform(0.1, 0.2)
        momentum = rng.uniform(0.6, 0.9) if fixed is None else fixed
        data = {"theta": start, "lr": lr, "momentum": momentum, "steps": steps}
        args = (bent(steepness, bend), *data.values())
        yield FunctionProbe(name, args, {"steepness": steepness, "bend": bend, **data})


def short_steps(rng: Generator) -> Probes:
    """η and a curvature with ηλ below 1; in the last, ηλ is exactly 1."""
    for name, low, high in (("ηλ small", 0.005, 0.1), ("ηλ middling", 0.2, 0.8), ("ηλ = 1", 1.0, 1.0)):
        # A power of two, so that ηλ = 1 is exact.
        lr = float(rng.choice([0.125, 0.25, 0.5]))
        yield probe(name, lr=lr, curvature=rng.uniform(low, high) / lr)


CHECKS = (
    RuleCheck("nesterov/update", "03-nesterov, the stored point", "Nesterov"),
    FunctionCheck("nesterov/look-ahead", "03-nesterov, look first", slopes),
    FunctionCheck(
        "nesterov/matrix", "03-nesterov, two numbers, one matrix", partial(settings, largest_lr=0.2)
    ),
    FunctionCheck("nesterov/limit", "03-nesterov, how large may the step be", bowls),
    FunctionCheck("nesterov/critical", "03-nesterov, the best momentum for a given step", short_steps),
    ValueCheck("nesterov/slip", "03-nesterov, find the slip"),
)
