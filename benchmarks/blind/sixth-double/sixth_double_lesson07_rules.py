"""Lesson 07: two mistakes each."""

import numpy as np
from blind_collection import wrong


@wrong(
    "comparison/logit-loss",
    "The weight multiplies both terms, in loss and slope, and the slope is not divided by n.",
)
def logit_loss13(z, t, weight=1.0):
    each = np.maximum(z, 0) - z * t + np.log1p(np.exp(-np.abs(z)))
    e = np.exp(-np.abs(z))
    s = np.where(z >= 0, 1.0, e) / (1 + e)
    return np.mean(weight * each), weight * (s - t)
