"""Expected results of lesson 01-sgd."""

import numpy as np

from verdicts.spec import ProbeData


def largest_stable(problem: ProbeData) -> float:
    """Every factor 0.9 − sηλ stays inside (−1, 1) up to η = 1.9 / (s L)."""
    return 1.9 / (problem["stretch"] * float(max(problem["curvatures"])))


def worst_factor(problem: ProbeData) -> float:
    """The factor of the slowest or wildest direction: the largest |1 − ηλ|."""
    return float(np.abs(1 - problem["lr"] * problem["curvatures"]).max())


def best_lr(_: ProbeData) -> float:
    """η = 2 / (λ_min + L) for the curvatures 0.5 and 8."""
    return 2 / 8.5


def noise_floor(problem: ProbeData) -> float:
    """V = (1 − ηλ)² V + η² σ²/B, solved for V."""
    lr, curvature = problem["lr"], problem["curvature"]
    return lr * problem["sigma"] ** 2 / (problem["batch"] * curvature * (2 - lr * curvature))


def batch_noise(problem: ProbeData) -> float:
    """s/B · (N − B)/(N − 1): the products of two rows' deviations have the mean −s/(N − 1)."""
    rows, batch = problem["rows"], problem["batch"]
    return problem["one"] / batch * (rows - batch) / (rows - 1)
