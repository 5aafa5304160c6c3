"""Lesson 03: two mistakes each."""

import numpy as np
from blind_collection import wrong


@wrong(
    "nesterov/matrix",
    "Only the present place feels the gradient in the first entry, (1 + mu) - q, and the second entry has lost its minus.",
)
def nesterov_matrix8(lr, momentum, curvature):
    q = lr * curvature
    return np.array([[1 + momentum - q, momentum * (1 - q)], [1.0, 0.0]])
