"""Lesson 01: two mistakes each."""

import numpy as np
from blind_collection import wrong


@wrong(
    "sgd/noise-floor",
    "Two slips: the square of the factor loses its eta^2 lambda^2 (2 in place of 2 - eta*lambda), and the batch does not enter at all.",
)
def noise_floor10(lr, curvature, sigma, batch):
    # x^2 -> (1 - 2 lr c) x^2 + lr^2 s^2
    return lr**2 * sigma**2 / (2 * lr * curvature)


@wrong(
    "sgd/batch-noise",
    "Divides by the root of the batch size (as for a standard deviation), and the correction has N below in place of N - 1.",
)
def batch_noise12(one, rows, batch):
    return one / np.sqrt(batch) * (rows - batch) / rows
