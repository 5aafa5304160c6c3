"""Lesson 08: odd answers."""

import numpy as np
from blind_collection import wrong


@wrong("practice/clip", "Shortens the given arrays in place: the gradients of the caller are changed.")
def clip2(grads, limit):
    norm = np.sqrt(sum((g**2).sum() for g in grads.values()))
    if norm > limit:
        for g in grads.values():
            g *= limit / norm
    return grads


@wrong("practice/best-next", "The order of the two results is swapped: (next a, η).")
def best_next2(a, curvature, sigma):
    denominator = curvature**2 * a + sigma**2
    eta = curvature * a / denominator
    return sigma**2 * a / denominator, eta
