"""Lesson 02: two mistakes each."""

import numpy as np
from blind_collection import wrong


@wrong(
    "momentum/matrix",
    "The 1 is missing in the first entry: the displacement was taken for the new place.",
    "The second row is (0, 1) instead of (1, 0).",
)
def momentum_matrix_02_a(lr, momentum, curvature):
    return np.array([[momentum - lr * curvature, -momentum], [0.0, 1.0]])


@wrong(
    "momentum/update",
    "Weights the push with 1 - μ, as in an average.",
    "Moves by the old velocity instead of the new one.",
)
class Momentum02A:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr = lr
        self.momentum = momentum
        self.v = {}

    def update(self, params, grads):
        for key in params:
            v = self.v.get(key, np.zeros_like(params[key]))
            params[key] += v
            self.v[key] = self.momentum * v - (1 - self.momentum) * self.lr * grads[key]
