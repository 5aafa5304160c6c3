"""Lesson 04: two mistakes each."""

import numpy as np
from blind_collection import wrong


@wrong(
    "adagrad/best-bound",
    "η is D √2 instead of D / √2.",
    "The bound has the root of the sum of the squares of G instead of the sum of G.",
)
def best_bound_04_a(farthest, G):
    lr = np.sqrt(2) * farthest
    best = np.sqrt(2) * farthest * np.linalg.norm(G)
    return {"lr": lr, "bound": best}


@wrong(
    "adagrad/update", "h starts at ones instead of zeros.", "The square root in the denominator is missing."
)
class AdaGrad04A:
    def __init__(self, lr=0.01, eps=1e-8):
        self.lr, self.eps = lr, eps
        self.h = {}

    def update(self, params, grads):
        for key, g in grads.items():
            if key not in self.h:
                self.h[key] = np.ones_like(g)
            self.h[key] = self.h[key] + g**2
            params[key] -= self.lr * g / (self.h[key] + self.eps)
