"""Lesson 04: wrong in an odd way."""

import numpy as np
from blind_collection import wrong


@wrong("adagrad/update", "Changes the caller's gradients: they are divided in place.")
class AdaGrad_04_a:
    def __init__(self, lr=0.01, eps=1e-8):
        self.lr, self.eps = lr, eps
        self.h = {}

    def update(self, params, grads):
        for key, g in grads.items():
            self.h[key] = self.h.get(key, np.zeros_like(g)) + g**2
            g /= np.sqrt(self.h[key]) + self.eps
            params[key] -= self.lr * g


@wrong("adagrad/best-bound", "The key lr is missing: the rate stands under another name.")
def best_bound_04_b(farthest, G):
    eta = farthest / np.sqrt(2)
    return {"eta": eta, "bound": np.sqrt(2) * farthest * np.sum(G)}
