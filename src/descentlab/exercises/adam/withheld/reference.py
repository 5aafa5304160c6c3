"""Expected results of lesson 06-adam."""

import math

from verdicts.spec import ProbeData


def weight_sum(problem: ProbeData) -> float:
    """1 − βᵗ."""
    return 1 - problem["beta"] ** problem["t"]


def uncorrected(problem: ProbeData) -> float:
    """m/√v for gradients of 1: (1 − β₁ᵗ)/√(1 − β₂ᵗ)."""
    t = problem["t"]
    return (1 - problem["beta1"] ** t) / math.sqrt(1 - problem["beta2"] ** t)


def longest_step(problem: ProbeData) -> float:
    """√Σ p²/q, p and q the weights of m̂ and v̂, by the formula of the geometric series."""
    beta1, beta2, t = problem["beta1"], problem["beta2"], problem["t"]
    ratio = beta1**2 / beta2
    series = (1 - ratio**t) / (1 - ratio)
    scale = (1 - beta1) / (1 - beta1**t)
    return scale * math.sqrt(series * (1 - beta2**t) / (1 - beta2))


def worst_growth(_: ProbeData) -> float:
    """Cauchy and Schwarz are equal where g grows by β₂/β₁ a step: β₁ = 0.8, β₂ = 0.99."""
    return 0.99 / 0.8


def eps_hat(problem: ProbeData) -> float:
    """ε √(1 − β₂ᵗ)."""
    return problem["eps"] * math.sqrt(1 - problem["beta2"] ** problem["t"])
