"""Lesson 03: two mistakes each."""

import numpy as np
from blind_collection import wrong


@wrong(
    "nesterov/update",
    "The old look-ahead is not undone: −μ v_old is missing.",
    "μ multiplies the bracket with the gradient, too, when the velocity changes.",
)
class Nesterov_03_a:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr = lr
        self.momentum = momentum
        self.v = {}

    def update(self, params, grads):
        for k, g in grads.items():
            v = self.v.get(k, np.zeros_like(g))
            v = self.momentum * (v - self.lr * g)
            params[k] += (1 + self.momentum) * v
            self.v[k] = v


@wrong(
    "nesterov/matrix",
    "The second row keeps θ_{t−1} in place of θ_t.",
    "The look-ahead point is taken as θ_t + μ θ_{t−1}: the difference of the two is missing.",
)
def nesterov_matrix_03_b(lr, momentum, curvature):
    left = 1 - lr * curvature
    return np.array([[left, momentum * left], [0.0, 1.0]])
