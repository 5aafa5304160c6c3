"""Odd answers of the twelfth blind set, lesson 04."""

import numpy as np
from blind_collection import wrong


@wrong(
    "adagrad/update",
    "h is an array of whole numbers: each squared gradient is cut to an integer before it is added.",
)
class AdaGradWholeNumbers_04_o1:
    def __init__(self, lr=0.01, eps=1e-8):
        self.lr, self.eps = lr, eps
        self.h = {}  # a counter for each key

    def update(self, params, grads):
        for k, g in grads.items():
            if k not in self.h:
                self.h[k] = np.zeros(g.shape, dtype=int)
            self.h[k] = self.h[k] + np.asarray(g**2).astype(int)
            params[k] -= self.lr * g / (np.sqrt(self.h[k]) + self.eps)


_seen_04_o2 = {}


@wrong(
    "adagrad/hindsight",
    "Remembers its answer by the shape of the array: a second call with the same shape gets the first call's scales.",
)
def hindsight_cached_04_o2(gradients, total):
    key = gradients.shape
    if key not in _seen_04_o2:
        G = np.sqrt((gradients**2).sum(axis=0))
        _seen_04_o2[key] = total * G / G.sum()
    return _seen_04_o2[key]
