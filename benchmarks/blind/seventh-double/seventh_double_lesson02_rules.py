"""Lesson 02: two mistakes each."""

import numpy as np
from blind_collection import wrong


@wrong(
    "momentum/update",
    "The gradient is added to the velocity although the velocity is added to theta: it goes uphill.",
    "The old velocity is multiplied by 1 - momentum instead of momentum.",
)
class Momentum1:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr = lr
        self.momentum = momentum
        self.v = {}

    def update(self, params, grads):
        for k in params:
            old = self.v.get(k, np.zeros_like(params[k]))
            self.v[k] = (1 - self.momentum) * old + self.lr * grads[k]
            params[k] += self.v[k]


@wrong(
    "momentum/tuned",
    "The roots of the curvatures are forgotten in the momentum: it has the ratio of plain descent.",
    "The learning rate has a 2 where 2 squared belongs.",
)
def tuned1(flattest, steepest):
    lr = 2 / (flattest**0.5 + steepest**0.5) ** 2
    mu = ((steepest - flattest) / (steepest + flattest)) ** 2
    return lr, mu
