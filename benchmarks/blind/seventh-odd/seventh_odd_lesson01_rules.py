"""Lesson 01: odd answers, all wrong."""

import numpy as np
from blind_collection import wrong


best_lr1 = wrong("sgd/best-lr", "The number is in quotes, with a decimal comma: a text.")("0,235")


@wrong(
    "sgd/noise-floor", "Mixes up the units: returns the root mean square of x, not the mean of its square."
)
def noise_floor1(lr: float, curvature: float, sigma: float, batch: int) -> float:
    """Steady-state noise level of SGD on a quadratic.

    Solves V = (1 - lr * c)^2 V + lr^2 sigma^2 / B.
    """
    if batch <= 0:
        raise ValueError("batch must be positive")
    contraction = (1.0 - lr * curvature) ** 2
    variance = lr**2 * sigma**2 / batch / (1.0 - contraction)
    return float(np.sqrt(variance))
