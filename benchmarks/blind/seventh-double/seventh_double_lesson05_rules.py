"""Lesson 05: two mistakes each."""

import numpy as np
from blind_collection import wrong


@wrong(
    "rmsprop/decay-for",
    "The distance at the end is taken as 2 usual, but it is 2 usual - usual = usual.",
    "The exponent is the number of calls, not one over it.",
)
def decay_for2(held, usual, calls):
    before = held - usual
    after = 2 * usual
    return (after / before) ** calls


@wrong(
    "graves/update",
    "The square of the mean is added to the mean square, not subtracted: no variance.",
    "The new step counts only with 1 - momentum in the velocity, as in an average.",
)
class RMSpropGraves2:
    def __init__(self, lr=1e-4, decay=0.95, momentum=0.9, eps=1e-4):
        self.lr, self.decay, self.momentum, self.eps = lr, decay, momentum, eps
        self.n, self.a, self.d = {}, {}, {}

    def update(self, params, grads):
        for key, g in grads.items():
            for memory in (self.n, self.a, self.d):
                memory.setdefault(key, np.zeros_like(params[key]))
            self.n[key] = self.decay * self.n[key] + (1 - self.decay) * g * g
            self.a[key] = self.decay * self.a[key] + (1 - self.decay) * g
            step = self.lr * g / np.sqrt(self.n[key] + self.a[key] ** 2 + self.eps)
            self.d[key] = self.momentum * self.d[key] - (1 - self.momentum) * step
            params[key] = params[key] + self.d[key]
