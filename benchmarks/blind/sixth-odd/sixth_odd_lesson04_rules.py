"""Lesson 04: odd answers."""

import numpy as np
from blind_collection import wrong


@wrong(
    "adagrad/hindsight",
    "Sums along the rows (axis=1): one scale for each round instead of one for each coordinate.",
)
def hindsight_scales9(gradients, total):
    G = np.sqrt(np.sum(gradients**2, axis=1))
    return total * G / np.sum(G)
