"""Double mistakes of the twelfth blind set, lesson 07: two each."""

from math import comb

import numpy as np
from blind_collection import wrong


@wrong(
    "comparison/by-chance",
    "Only one of the two rules is counted: the factor 2 is missing.",
    "More than `wins` instead of at least `wins`: the sum starts one too late.",
)
def by_chance_d07_a(wins, seeds):
    total = 0
    for k in range(wins + 1, seeds + 1):
        total += comb(seeds, k)
    return total / 2**seeds


@wrong(
    "comparison/logit-loss",
    "The weight stands at the target 0, not at the target 1.",
    "The slope is not divided by n.",
)
def logit_loss_d07_b(z, t, weight=1.0):
    softplus = lambda x: np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))
    s = np.exp(-softplus(-z))
    loss = t * softplus(-z) + weight * (1 - t) * softplus(z)
    slope = -t * (1 - s) + weight * (1 - t) * s
    return loss.mean(), slope
