"""Expected results of lesson 02-momentum."""

import numpy as np

from verdicts.spec import FunctionProbe, ProbeData, Probes


def ball(problem: ProbeData) -> tuple[float, float]:
    """(m + c h) (θ_{t+1} − θ_t) = m (θ_t − θ_{t−1}) − h² g, divided by m + c h: (η, μ)."""
    whole = problem["mass"] + problem["friction"] * problem["h"]
    return problem["h"] ** 2 / whole, problem["mass"] / whole


def same_steps(problem: ProbeData) -> dict[str, float]:
    """−η(1 − d) multiplies the sum of μᵏ g in all of them; an average has 1 − μ in front of it."""
    ours = problem["lr"] * (1 - problem["dampening"])
    return {"ours": ours, "pytorch": ours, "average": ours / (1 - problem["momentum"])}


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


def paths(rng: np.random.Generator) -> Probes:
    """Positions of balls that oscillate in a bowl: from their start at rest, and from the middle of a run."""
    for name, first in (("from its start", 0), ("a piece of a run", 6), ("another piece of a run", 9)):
        momentum, step, start = rng.uniform((0.6, 0.2, 0.5), (0.9, 1.2, 3.0)).tolist()
        path = _oscillation(step, momentum, start, first + 12)[first:]
        yield FunctionProbe(name, (path,), {"step": step, "momentum": momentum})


def _oscillation(step: float, momentum: float, start: float, length: int) -> np.ndarray:
    """Positions of a ball in a bowl, let go at `start`; `step` is ηλ."""
    places = [start, start - step * start]
    while len(places) < length:
        places.append(places[-1] + momentum * (places[-1] - places[-2]) - step * places[-1])
    return np.array(places)
