"""Lesson 02: two mistakes each."""

import numpy as np
from blind_collection import wrong


@wrong(
    "momentum/update",
    "Each velocity starts at the first −ηg, before the first change.",
    "The gradient's step is taken once more when the place is changed.",
)
class Momentum_02_a:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr = lr
        self.momentum = momentum
        self.v = {}

    def update(self, params, grads):
        for k in params:
            if k not in self.v:
                self.v[k] = -self.lr * grads[k]
            self.v[k] = self.momentum * self.v[k] - self.lr * grads[k]
            params[k] += self.v[k] - self.lr * grads[k]


@wrong(
    "momentum/update",
    "The bracket is in the wrong place: μ also multiplies the new gradient.",
    "When the place is changed, the new velocity is multiplied by μ once more.",
)
class Momentum_02_b:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr = lr
        self.momentum = momentum
        self.v = {}

    def update(self, params, grads):
        for k, g in grads.items():
            old = self.v.get(k, np.zeros_like(g))
            self.v[k] = self.momentum * (old - self.lr * g)
            params[k] += self.momentum * self.v[k]


@wrong(
    "momentum/tuned",
    "Takes plain descent's best step, 2/(λ_min + λ_max).",
    "√μ is returned without squaring.",
)
def tuned_02_c(flattest, steepest):
    lr = 2 / (flattest + steepest)
    left = abs(1 - np.sqrt(lr * flattest))
    right = abs(1 - np.sqrt(lr * steepest))
    return lr, max(left, right)
