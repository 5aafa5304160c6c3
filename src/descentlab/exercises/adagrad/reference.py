"""Expected results of the checks of lesson 04-adagrad."""

from __future__ import annotations

import numpy as np

from descentlab.checks.spec import ProbeData


def _hindsight(data: ProbeData) -> np.ndarray:
    """Σᵢ Gᵢ²/sᵢ is least, for a fixed Σᵢ sᵢ, where s is proportional to G (Cauchy–Schwarz)."""
    lengths = np.linalg.norm(data["gradients"], axis=0)
    return data["total"] * lengths / lengths.sum()


def _lemma(data: ProbeData) -> float:
    """Σₜ gₜ²/√Sₜ over √S_T, where rounds before the first gradient add nothing."""
    added, total = 0.0, 0.0
    for g in data["g"]:
        total += g * g
        if total > 0:
            added += g * g / np.sqrt(total)
    return float(added / np.sqrt(total))


def _steps(data: ProbeData) -> np.ndarray:
    """What the stand-in rule of the probes does: call t moves by −t · rate · g."""
    calls = np.arange(1, len(data["gradients"]) + 1)
    return -data["rate"] * calls[:, None] * data["gradients"]


def _surprise(_: ProbeData) -> float:
    """A hundred gradients of 1, then one of 10."""
    return float(10 / np.sqrt(100 * 1**2 + 10**2))


REFERENCES = {
    "adagrad/hindsight": _hindsight,
    "adagrad/lemma": _lemma,
    "adagrad/steps": _steps,
    "adagrad/surprise": _surprise,
}
