"""Lesson 02: right, in an unusual way."""

from collections import defaultdict

import numpy as np
from blind_collection import right


@right("momentum/update", "Keeps the velocity with the opposite sign, in a defaultdict, and subtracts it.")
class Momentum_02_a:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr = lr
        self.momentum = momentum
        self.v = defaultdict(float)

    def update(self, params, grads):
        for k, g in grads.items():
            self.v[k] = self.lr * g + self.momentum * self.v[k]
            params[k] -= self.v[k]


@right("momentum/matrix", "Goes through (place, velocity) and back: a product of three matrices.")
def momentum_matrix_02_b(lr, momentum, curvature):
    to_velocity = np.array([[1.0, 0.0], [1.0, -1.0]])  # (θ_t, θ_{t-1}) -> (θ_t, v_t)
    push = np.array([[1 - lr * curvature, momentum], [-lr * curvature, momentum]])
    back = np.array([[1.0, 0.0], [1.0, -1.0]])  # (θ, v) -> (θ, θ - v)
    return back @ push @ to_velocity


@right("momentum/read-off", "Least squares over all places, with each equation scaled.")
def read_off_02_c(path):
    now, before, after = path[1:-1], path[:-2], path[2:]
    left = np.column_stack([-now, now - before])
    size = np.linalg.norm(left, axis=1)
    use = size > 0
    left, right_side = left[use] / size[use, None], (after - now)[use] / size[use]
    product, mu = np.linalg.lstsq(left, right_side, rcond=None)[0]
    return product, mu
