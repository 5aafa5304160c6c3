"""Expected results of lesson 03-nesterov."""

import numpy as np

from verdicts.spec import ProbeData


def look_ahead(problem: ProbeData) -> np.ndarray:
    """v ← μ v − η ∇f(θ + μ v); θ ← θ + v: positions, shape (steps + 1, d)."""
    theta, v = problem["theta"], np.zeros_like(problem["theta"])
    positions = [theta]
    for _ in range(problem["steps"]):
        ahead = theta + problem["momentum"] * v
        gradient = problem["steepness"] * ahead + problem["bend"] * ahead**3
        v = problem["momentum"] * v - problem["lr"] * gradient
        theta = theta + v
        positions.append(theta)
    return np.array(positions)


def matrix(problem: ProbeData) -> np.ndarray:
    """(θ_{t+1}, θ_t) from (θ_t, θ_{t−1}) on a curvature λ; θ is the ball, not the stored point."""
    left, momentum = 1 - problem["lr"] * problem["curvature"], problem["momentum"]
    return np.array([[left * (1 + momentum), -left * momentum], [1.0, 0.0]])


def limit(problem: ProbeData) -> float:
    """The η at which the matrix of the steepest curvature has the eigenvalue −1."""
    momentum = problem["momentum"]
    return float((2 + 2 * momentum) / (1 + 2 * momentum) / np.max(problem["curvatures"]))


def critical(problem: ProbeData) -> float:
    """The smaller root of (1 − a)(1 + μ)² = 4 μ, a = ηλ."""
    root = np.sqrt(problem["lr"] * problem["curvature"])
    return float((1 - root) / (1 + root))


def slip(_: ProbeData) -> str:
    """The line that needs the velocity from before line B."""
    return "C"
