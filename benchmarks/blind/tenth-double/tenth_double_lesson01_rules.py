"""Doubles of the tenth blind set, lesson 01: two independent mistakes an answer."""

from blind_collection import wrong


@wrong(
    "sgd/noise-floor",
    "The variance of a batch is divided by √B instead of B.",
    "2 + ηλ instead of 2 − ηλ below the line: a sign in the square.",
)
def noise_floor_01_dd_a(lr, curvature, sigma, batch):
    variance = sigma**2 / batch**0.5
    return lr * variance / (curvature * (2 + lr * curvature))


@wrong(
    "sgd/batch-noise",
    "The mean product of two deviations is +s/(N − 1) instead of −s/(N − 1).",
    "The noise of the sum of B deviations, not of their mean: no division by B².",
)
def batch_noise_01_dd_b(one, rows, batch):
    c = one / (rows - 1)
    return batch * one + batch * (batch - 1) * c
