"""Doubles of the tenth blind set, lesson 02: two independent mistakes an answer."""

import numpy as np
from blind_collection import wrong


@wrong(
    "momentum/update",
    "The velocity starts at the first gradient instead of zero (and then gets it once more).",
    "The step is multiplied by 1 − μ.",
)
class Momentum_02_dd_a:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr = lr
        self.momentum = momentum
        self.v = {}

    def update(self, params, grads):
        for k in params:
            if k not in self.v:
                self.v[k] = grads[k].copy()
            self.v[k] = self.momentum * self.v[k] + grads[k]
            params[k] -= self.lr * (1 - self.momentum) * self.v[k]


@wrong(
    "momentum/matrix",
    "+ηλ instead of −ηλ in the first entry.",
    "The second row is (0, 1): it repeats θ_{t−1} instead of passing θ_t on.",
)
def momentum_matrix_02_dd_b(lr, momentum, curvature):
    return np.array([[1 + momentum + lr * curvature, -momentum], [0, 1]])


@wrong(
    "momentum/tuned",
    "η is not squared: 2/(√λ_min + √λ_max).",
    "The pair comes in the other order, μ first.",
)
def tuned_02_dd_c(flattest, steepest):
    lo, hi = flattest**0.5, steepest**0.5
    lr = 2 / (lo + hi)
    mu = ((hi - lo) / (hi + lo)) ** 2
    return mu, lr
