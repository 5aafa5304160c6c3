"""Expected results of lesson 02-momentum."""

import numpy as np

from descentlab.checks.spec import ProbeData


def ball(problem: ProbeData) -> tuple[float, float]:
    """(m + c h) (θ_{t+1} − θ_t) = m (θ_t − θ_{t−1}) − h² g, divided by m + c h: (η, μ)."""
    whole = problem["mass"] + problem["friction"] * problem["h"]
    return problem["h"] ** 2 / whole, problem["mass"] / whole


def matrix(problem: ProbeData) -> np.ndarray:
    """(θ_{t+1}, θ_t) from (θ_t, θ_{t−1}) on a curvature λ."""
    momentum = problem["momentum"]
    return np.array([[1 + momentum - problem["lr"] * problem["curvature"], -momentum], [1.0, 0.0]])


def read_off(problem: ProbeData) -> tuple[float, float]:
    """The two numbers behind the path: (ηλ, μ)."""
    return problem["step"], problem["momentum"]


def limit(problem: ProbeData) -> float:
    """The η at which s² − (1 + μ − ηλ) s + μ has the root −1, at the steepest curvature."""
    return float(2 * (1 + problem["momentum"]) / np.max(problem["curvatures"]))


def tuned(problem: ProbeData) -> tuple[float, float]:
    """√μ = 1 − √(ηλ) at the flattest curvature, √(ηλ) − 1 at the steepest."""
    low, high = np.sqrt(problem["flattest"]), np.sqrt(problem["steepest"])
    return float((2 / (low + high)) ** 2), float(((high - low) / (high + low)) ** 2)
