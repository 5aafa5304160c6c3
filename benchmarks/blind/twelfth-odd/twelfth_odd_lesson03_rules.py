"""Odd answers of the twelfth blind set, lesson 03."""

import numpy as np
from blind_collection import wrong


@wrong(
    "nesterov/update",
    "Multiplies the caller's gradients by η in place: grads is changed, the parameters are right.",
)
class NesterovSpoilsGrads_03_o1:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr = lr
        self.momentum = momentum
        self.v = {}

    def update(self, params, grads):
        mu = self.momentum
        for k in params:
            old = self.v.get(k, np.zeros_like(params[k]))
            grads[k] *= self.lr
            new = mu * old - grads[k]
            params[k] += (1 + mu) * new - mu * old
            self.v[k] = new


wrong("nesterov/slip", "The number of the line, counted from 1, instead of its letter.")(3)
