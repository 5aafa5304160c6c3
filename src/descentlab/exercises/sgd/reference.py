"""Expected results of lesson 01-sgd."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np


def largest_stable(problem: Mapping[str, Any]) -> float:
    """Every factor 1 − sηλ stays inside (−1, 1) up to η = 2 / (s L)."""
    return 2 / (problem["stretch"] * float(max(problem["curvatures"])))


def worst_factor(problem: Mapping[str, Any]) -> float:
    """The slowest or wildest direction: the largest |1 − ηλ|."""
    return float(np.abs(1 - problem["lr"] * problem["curvatures"]).max())


def best_lr(_: Mapping[str, Any]) -> float:
    """η = 2 / (λ_min + L) for the curvatures 0.5 and 8."""
    return 2 / 8.5


def noise_floor(problem: Mapping[str, Any]) -> float:
    """x_{t+1} = (1 − ηλ) x_t − η ξ_t from zero: the mean of x² over the second half of the steps."""
    shrink = 1 - problem["lr"] * problem["curvature"]
    noise = problem["noise"]
    squares, x = [], np.zeros(noise.shape[1])
    for xi in noise:
        x = shrink * x - problem["lr"] * xi
        squares.append(x**2)
    return float(np.mean(squares[len(noise) // 2 :]))


REFERENCES = {
    "sgd/largest-stable": largest_stable,
    "sgd/worst-factor": worst_factor,
    "sgd/best-lr": best_lr,
    "sgd/noise-floor": noise_floor,
}
