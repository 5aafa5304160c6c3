"""Lesson 02: two mistakes each."""

import numpy as np
from blind_collection import wrong


@wrong(
    "momentum/update",
    "Two slips: the velocity starts at the first gradient instead of zero, and the learning rate is added, so that it pushes uphill.",
)
class Momentum6:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr = lr
        self.momentum = momentum
        self.v = {}

    def update(self, params, grads):
        for k in params:
            if k not in self.v:
                self.v[k] = grads[k].copy()
            self.v[k] = self.momentum * self.v[k] + self.lr * grads[k]
            params[k] += self.v[k]


@wrong("momentum/limit", "The 2 is missing, and the smallest curvature is taken instead of the largest.")
def stable_limit14(momentum, curvatures):
    return (1 + momentum) / min(curvatures)


@wrong(
    "momentum/tuned",
    "eta is not squared at the end, and mu is built from the curvatures instead of their roots.",
)
def tuned16(flattest, steepest):
    lr = 2 / (np.sqrt(flattest) + np.sqrt(steepest))
    momentum = ((steepest - flattest) / (steepest + flattest)) ** 2
    return lr, momentum
