"""Lesson 07: two mistakes each."""

from math import comb

import numpy as np
from blind_collection import wrong


@wrong(
    "comparison/by-chance",
    "The chance of exactly `wins` wins, not of at least so many.",
    "Counts one rule only: the other may be the lucky one, too.",
)
def by_chance_07_a(wins, seeds):
    return comb(seeds, wins) * 0.5**seeds


@wrong(
    "comparison/logit-loss",
    "−ln s is taken at z, not at −z: both targets get the same logarithm.",
    "The slope is not divided by n, although the loss is a mean.",
)
def logit_loss_07_a(z, t, weight=1.0):
    softplus = np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z)))
    loss = np.mean(weight * t * softplus + (1 - t) * softplus)
    s = np.where(z >= 0, 1 / (1 + np.exp(-np.abs(z))), np.exp(-np.abs(z)) / (1 + np.exp(-np.abs(z))))
    slope = -weight * t * (1 - s) + (1 - t) * s
    return loss, slope
