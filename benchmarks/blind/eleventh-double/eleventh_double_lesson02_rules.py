"""Two mistakes in one answer, lesson 02."""

import numpy as np
from blind_collection import wrong


@wrong(
    "momentum/limit",
    "1 - momentum instead of 1 + momentum.",
    "Takes the smallest curvature instead of the largest.",
)
def stable_limit_double_02_a(momentum, curvatures):
    return 2 * (1 - momentum) / min(curvatures)


@wrong(
    "momentum/update",
    "The velocity starts at the first gradient instead of zero.",
    "The share of the velocity that survives is 1 - momentum instead of momentum.",
)
class Momentum_double_02_b:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr = lr
        self.momentum = momentum
        self.v = {}

    def update(self, params, grads):
        for k in params:
            if k not in self.v:
                self.v[k] = np.array(grads[k], dtype=float)
            self.v[k] = (1 - self.momentum) * self.v[k] - self.lr * grads[k]
            params[k] += self.v[k]
