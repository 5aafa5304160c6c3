"""Expected results of lesson 08-practice."""

import numpy as np

from verdicts.spec import ProbeData


def best_next(data: ProbeData) -> tuple[float, float]:
    """The derivative of (1 − ηλ)² a + η²σ² by η is zero at η = λa/(λ²a + σ²)."""
    a, curvature, sigma = data["a"], data["curvature"], data["sigma"]
    whole = curvature**2 * a + sigma**2
    return curvature * a / whole, a * sigma**2 / whole


def mean_leaves(data: ProbeData) -> dict[str, float]:
    """With r = 1 − ηλ: Σ rᵗ / n over t = 1 … n, and (σ/λ)² Σ (1 − rᵗ)² / n²."""
    calls, r = data["calls"], 1 - data["lr"] * data["curvature"]
    total = r * (1 - r**calls) / (1 - r)
    squares = r**2 * (1 - r ** (2 * calls)) / (1 - r**2)
    spread = data["sigma"] / (data["curvature"] * calls)
    return {"start": total / calls, "noise": spread**2 * (calls - 2 * total + squares)}


def effective(data: ProbeData) -> float:
    """(Σ βᵏ)² / Σ β²ᵏ over k = 0 … t − 1."""
    beta, t = data["beta"], data["t"]
    return (1 + beta) * (1 - beta**t) / ((1 - beta) * (1 + beta**t))


def clip(data: ProbeData) -> dict[str, np.ndarray]:
    """All arrays times min(1, limit / ‖g‖), the norm taken over all of them."""
    norm = np.sqrt(sum(np.sum(np.square(g)) for g in data["grads"].values()))
    factor = data["limit"] / norm if norm > data["limit"] else 1.0
    return {key: np.asarray(factor * g) for key, g in data["grads"].items()}


def rest(data: ProbeData) -> dict[str, float]:
    """λ(θ − c) + wθ = 0; and for a sign rule c itself, but no farther than 1/w from zero."""
    curvature, minimum, weight_decay = data["curvature"], data["minimum"], data["weight_decay"]
    plain = curvature * minimum / (curvature + weight_decay)
    return {"plain": plain, "sign": float(np.clip(minimum, -1 / weight_decay, 1 / weight_decay))}
