"""Two mistakes each, for lesson 05."""

import numpy as np
from blind_collection import wrong


@wrong(
    "rmsprop/update",
    "The new square has the weight 1: the factor 1 − decay is missing.",
    "ε stands under the root.",
)
class RmsTwo_05_a:
    def __init__(self, lr=0.001, decay=0.9, eps=1e-8):
        self.lr, self.decay, self.eps = lr, decay, eps
        self.h = {}

    def update(self, params, grads):
        for k in params:
            self.h[k] = self.decay * self.h.get(k, np.zeros_like(params[k])) + grads[k] ** 2
            params[k] = params[k] - self.lr * grads[k] / np.sqrt(self.h[k] + self.eps)


@wrong(
    "rmsprop/variance",
    "δ is the distance from the new mean, not from the old one.",
    "The root is returned: a standard deviation, not the variance.",
)
def spread_two_05_a(gradients, decay):
    a, v = 0.0, 0.0
    for g in gradients:
        a = decay * a + (1 - decay) * g
        delta = g - a
        v = decay * v + decay * (1 - decay) * delta**2
    return np.sqrt(v)
