"""Expected results of lesson 10-matrix."""

import numpy as np

from descentlab.rules.muon import SCALES, iterated
from verdicts.spec import ProbeData


def _factor(g: np.ndarray) -> tuple[np.ndarray, float]:
    """U Vᵀ, and the sum of the singular values."""
    u, values, v = np.linalg.svd(g, full_matrices=False)
    return u @ v, float(np.sum(values))


def best_step(data: ProbeData) -> np.ndarray:
    """−η U Vᵀ."""
    return -data["lr"] * _factor(data["G"])[0]


def iteration(data: ProbeData) -> np.ndarray:
    """U (a S + b S³ + c S⁵) Vᵀ."""
    u, values, v = np.linalg.svd(data["X"], full_matrices=False)
    return u * (data["a"] * values + data["b"] * values**3 + data["c"] * values**5) @ v


def scale(data: ProbeData) -> float:
    """U Vᵀ has min(rows, columns) squares to sum, so its root mean square is 1 over the root of the larger number."""
    return data["rms"] * np.sqrt(max(data["inputs"], data["outputs"]))


def update(data: ProbeData) -> tuple[np.ndarray, np.ndarray]:
    """M averages the gradient; the step is η times the scale for 0.2 times the iterated M."""
    average = data["momentum"] * data["M"] + (1 - data["momentum"]) * data["G"]
    length = data["lr"] * SCALES["rms"](*average.shape)
    return data["W"] - length * iterated(average), average


def priced(data: ProbeData) -> dict[str, np.ndarray]:
    """−η times the dual norm times the best move of size 1."""
    g, lr = data["G"], data["lr"]
    factor, total = _factor(g)
    return {"euclid": -lr * g, "entry": -lr * np.sum(np.abs(g)) * np.sign(g), "spectral": -lr * total * factor}
