"""Double slips of the twelfth blind set, lesson 02: two independent mistakes each."""

import numpy as np
from blind_collection import wrong


@wrong(
    "momentum/tuned",
    "η has the numerator 2 instead of 4.",
    "The square over μ is missing: it returns √μ.",
)
def tuned_two_and_root_02_d1(flattest, steepest):
    a, b = np.sqrt(flattest), np.sqrt(steepest)
    lr = 2 / (a + b) ** 2
    mu = (b - a) / (b + a)
    return lr, mu


@wrong(
    "momentum/update",
    "Moves by the old velocity and changes the velocity only afterwards.",
    "The dict of velocities belongs to the class, so all optimizers share it.",
)
class MomentumLateAndShared_02_d2:
    v = {}

    def __init__(self, lr=0.01, momentum=0.9):
        self.lr = lr
        self.momentum = momentum

    def update(self, params, grads):
        for k in params:
            if k not in self.v:
                self.v[k] = np.zeros_like(params[k])
            params[k] += self.v[k]
            self.v[k] = self.momentum * self.v[k] - self.lr * grads[k]
