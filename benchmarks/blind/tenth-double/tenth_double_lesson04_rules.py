"""Doubles of the tenth blind set, lesson 04: two independent mistakes an answer."""

import numpy as np
from blind_collection import wrong


@wrong(
    "adagrad/update",
    "h starts at one instead of zero.",
    "The step is added instead of subtracted: uphill.",
)
class AdaGrad_04_dd_a:
    def __init__(self, lr=0.01, eps=1e-8):
        self.lr, self.eps = lr, eps
        self.h = {}

    def update(self, params, grads):
        for k in params:
            self.h.setdefault(k, np.ones_like(params[k]))
            self.h[k] += grads[k] ** 2
            params[k] += self.lr * grads[k] / (np.sqrt(self.h[k]) + self.eps)


@wrong(
    "adagrad/hindsight",
    "No root: the scales are proportional to G² instead of G.",
    "Their sum is 1: they are not multiplied by total.",
)
def hindsight_scales_04_dd_b(gradients, total):
    squares = (gradients**2).sum(axis=0)
    return squares / squares.sum()
