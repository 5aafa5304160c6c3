"""Expected results of the checks of lesson 04-adagrad."""

import numpy as np

from verdicts.spec import ProbeData


def hindsight(data: ProbeData) -> np.ndarray:
    """Σᵢ Gᵢ²/sᵢ is least, for a fixed Σᵢ sᵢ, where s is proportional to G (Cauchy–Schwarz)."""
    lengths = np.linalg.norm(data["gradients"], axis=0)
    return data["total"] * lengths / lengths.sum()


def after_a_calm(data: ProbeData) -> float:
    """The sum holds the calm and the surprise itself."""
    return float(-data["big"] / np.hypot(np.sqrt(data["calls"]) * data["usual"], data["big"]))


def best_bound(data: ProbeData) -> dict[str, float]:
    """D²/(2η) + η is smallest where its two terms are equal."""
    lr = data["farthest"] / np.sqrt(2)
    return {"lr": lr, "bound": 2 * lr * float(np.sum(data["G"]))}


def behind(data: ProbeData) -> float:
    """The same η π t."""
    return data["calls"] * data["frequency"] / data["largest"]


def rescaled(data: ProbeData) -> np.ndarray:
    """−η g/√h, the step −η ∂f/∂u in the variable u = h^¼ θ."""
    shrink = np.diag(data["h"] ** -0.25)
    return shrink @ data["A"] @ shrink
