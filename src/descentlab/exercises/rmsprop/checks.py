"""The checks of lesson 05-rmsprop."""

from __future__ import annotations

import numpy as np

from descentlab.checks.spec import Criterion, FunctionCheck, FunctionProbe, RuleCheck
from descentlab.exercises.counting_rule import CountingRule


def _weights_probes(rng: np.random.Generator) -> tuple[FunctionProbe, ...]:
    decay, other = rng.uniform(0.7, 0.95, size=2)
    problems = {"a dozen calls": (float(decay), 12), "one call": (float(other), 1)}
    return tuple(
        FunctionProbe(name, (decay, calls), {"decay": decay, "calls": calls})
        for name, (decay, calls) in problems.items()
    )


def _drift_probes(rng: np.random.Generator) -> tuple[FunctionProbe, ...]:
    # The way's sign is set: an answer that loses it must not pass by luck.
    problems = {
        "one repeat": (True, 1, -1),
        "several repeats": (True, 4, -1),
        "a rule that makes a new array": (False, 3, 1),
    }
    probes = []
    for name, (in_place, repeats, sign) in problems.items():
        cycle = -sign * rng.uniform(0.1, 2.0, size=5) * np.array([1, -0.2, 1, -0.2, 1])
        rate = float(rng.uniform(0.1, 0.4))
        data = {"cycle": cycle, "rate": rate, "repeats": repeats}
        probes.append(FunctionProbe(name, (CountingRule(rate, in_place), cycle.tolist(), repeats), data))
    return tuple(probes)


def _spread_probes(rng: np.random.Generator) -> tuple[FunctionProbe, ...]:
    decay = float(rng.uniform(0.8, 0.95))
    sequences = {"noise": rng.normal(1.5, 1.0, size=30), "a steady slope": np.full(15, rng.uniform(0.5, 2.0))}
    return tuple(
        FunctionProbe(name, (gradients, decay), {"gradients": gradients, "decay": decay})
        for name, gradients in sequences.items()
    )


CHECKS = (
    FunctionCheck(
        name="rmsprop/weights",
        probes=_weights_probes,
        rtol=1e-9,
        section="05-rmsprop, weights that fade",
        criteria=(
            Criterion("a dozen weights, the oldest first", 3, ("a dozen calls",)),
            Criterion("a single call", 1, ("one call",)),
        ),
    ),
    RuleCheck(
        name="rmsprop/update",
        rule="RMSprop",
        hyper={"lr": (0.05, 0.09), "decay": (0.91, 0.95)},
        has_eps=True,
        remembers=True,
        section="05-rmsprop, the exponential moving average",
    ),
    FunctionCheck(
        name="rmsprop/drift",
        probes=_drift_probes,
        rtol=1e-9,
        section="05-rmsprop, why not just the sign",
        criteria=(
            Criterion("the way of one repeat", 1, ("one repeat",)),
            Criterion("the last of several repeats", 2, ("several repeats",)),
            Criterion("rules that make a new array", 1, ("a rule that makes a new array",)),
        ),
    ),
    FunctionCheck(
        name="rmsprop/spread",
        probes=_spread_probes,
        rtol=1e-9,
        section="05-rmsprop, the centred version",
        criteria=(Criterion("noise", 1, ("noise",)), Criterion("a steady slope", 1, ("a steady slope",))),
    ),
    RuleCheck(
        name="graves/update",
        rule="RMSpropGraves",
        hyper={"lr": (0.05, 0.09), "decay": (0.91, 0.95), "momentum": (0.76, 0.84)},
        has_eps=True,
        remembers=True,
        section="05-rmsprop, the centred version",
    ),
)
