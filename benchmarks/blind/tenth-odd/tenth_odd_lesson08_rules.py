"""Strange answers for lesson 08 of the tenth blind set."""

import numpy as np
from blind_collection import wrong


@wrong(
    "practice/clip",
    "As PyTorch's clip_grad_norm_: the arrays are changed in place, and the norm is returned.",
)
def clip_08_o1(grads, limit):
    total_norm = np.sqrt(sum(np.sum(g**2) for g in grads.values()))
    clip_coef = limit / (total_norm + 1e-6)
    if clip_coef < 1:
        for g in grads.values():
            g *= clip_coef
    return total_norm


@wrong("practice/best-next", "The best of five learning rates is taken, not the minimum itself.")
def best_next_08_o2(a, curvature, sigma):
    """Grid search for the optimal learning rate.

    Args:
        a: current mean square distance
        curvature: curvature of the parabola
        sigma: standard deviation of the noise

    Returns:
        Tuple of the optimal learning rate and the resulting mean square distance.
    """
    candidates = np.linspace(0.0, 1.0 / curvature, num=5)
    outcomes = (1 - candidates * curvature) ** 2 * a + candidates**2 * sigma**2
    best = int(np.argmin(outcomes))
    return float(candidates[best]), float(outcomes[best])
