"""Expected results of lesson 06-adam."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

TINY = 1e-12


def weights(problem: Mapping[str, Any]) -> np.ndarray:
    """(1 − β) β^(t−i) for i = 1 … t."""
    beta, t = problem["beta"], problem["t"]
    return (1 - beta) * beta ** np.arange(t - 1, -1, -1.0)


def steps(problem: Mapping[str, Any]) -> np.ndarray:
    """The steps of the probes' own rule: −η s/(n + ε), s and n fading sums of g and of its size."""
    s, n, moved = 0.0, 0.0, []
    for g in problem["grads"]:
        s, n = problem["beta1"] * s + g, problem["beta2"] * n + abs(g)
        moved.append(-problem["lr"] * s / (n + TINY))
    return np.array(moved)


def worst_growth(_: Mapping[str, Any]) -> float:
    """Cauchy and Schwarz are equal where g grows by β₂/β₁ a step: β₁ = 0.8, β₂ = 0.99."""
    return 0.99 / 0.8


def eps_hat(problem: Mapping[str, Any]) -> float:
    """ε √(1 − β₂ᵗ)."""
    return float(problem["eps"] * np.sqrt(1 - problem["beta2"] ** problem["t"]))


REFERENCES = {
    "adam/weights": weights,
    "adam/steps": steps,
    "adam/worst-growth": worst_growth,
    "adam/eps-hat": eps_hat,
}
