"""Expected results of the checks of lesson 05-rmsprop."""

from __future__ import annotations

import numpy as np

from descentlab.checks.spec import ProbeData


def _weights(data: ProbeData) -> np.ndarray:
    """What a single 1 at call k leaves behind in the average after all calls."""
    left = np.zeros(data["calls"])
    for call in range(data["calls"]):
        left *= data["decay"]
        left[call] = 1 - data["decay"]
    return left


def _drift(data: ProbeData) -> float:
    """The stand-in rule of the probes moves by −t · rate · g in call t."""
    cycle, repeats = data["cycle"], data["repeats"]
    calls = (repeats - 1) * len(cycle) + np.arange(1, len(cycle) + 1)
    return float(-data["rate"] * np.sum(calls * cycle))


def _spread(data: ProbeData) -> np.ndarray:
    """v ← ρ (v + (1 − ρ)(g − a)²) with the old mean a: equal to n − a², without cancellation."""
    rho, v, a, variances = data["decay"], 0.0, 0.0, []
    for g in data["gradients"]:
        v, a = rho * (v + (1 - rho) * (g - a) ** 2), a + (1 - rho) * (g - a)
        variances.append(v)
    return np.array(variances)


REFERENCES = {
    "rmsprop/weights": _weights,
    "rmsprop/drift": _drift,
    "rmsprop/spread": _spread,
}
