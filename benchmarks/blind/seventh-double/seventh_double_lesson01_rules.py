"""Lesson 01: two mistakes each."""

import numpy as np
from blind_collection import wrong


@wrong(
    "sgd/worst-factor", "Sign slip: 1 + lr * curvature.", "Takes the smallest factor instead of the largest."
)
def worst_factor1(lr, curvatures):
    sizes = np.abs(1 + lr * np.asarray(curvatures))
    return np.min(sizes)


@wrong(
    "sgd/noise-floor",
    "The noise is divided by the root of the batch size instead of the batch size.",
    "Sign slip in the equation for V: 2 + lr * curvature below the line.",
)
def noise_floor1(lr, curvature, sigma, batch):
    xi2 = sigma**2 / np.sqrt(batch)
    return lr * xi2 / (curvature * (2 + lr * curvature))
