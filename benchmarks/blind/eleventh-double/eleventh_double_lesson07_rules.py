"""Two mistakes each, for lesson 07."""

from math import comb

import numpy as np
from blind_collection import wrong


@wrong(
    "comparison/by-chance",
    "Only one of the two rules may win: the other side is not counted.",
    "More than `wins` are counted: k starts at wins + 1.",
)
def by_chance_two_07_a(wins, seeds):
    return sum(comb(seeds, k) for k in range(wins + 1, seeds + 1)) * 0.5**seeds


@wrong("comparison/all-pairs", "The loss lacks the variance.", "The slope lacks the factor 2.")
def all_pairs_two_07_a(z, mean, variance):
    error = z - mean
    loss = float(np.mean(error**2))
    slope = error / error.shape[0]
    return loss, slope


@wrong(
    "comparison/logit-loss",
    "The weight stands at the target 0, in the loss and in the slope, not at the target 1.",
    "The slope is not divided by the number of rows.",
)
def logit_loss_two_07_a(z, t, weight=1.0):
    s = np.exp(-np.logaddexp(0, -z))
    loss = np.mean(t * np.logaddexp(0, -z) + weight * (1 - t) * np.logaddexp(0, z))
    slope = -t * (1 - s) + weight * (1 - t) * s
    return loss, slope
