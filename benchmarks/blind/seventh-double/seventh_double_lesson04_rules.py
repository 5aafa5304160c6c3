"""Lesson 04: two mistakes each."""

import numpy as np
from blind_collection import wrong


@wrong("adagrad/update", "The sum h starts at one instead of zero.", "No root: divides by h itself.")
class AdaGrad1:
    def __init__(self, lr=0.01, eps=1e-8):
        self.lr, self.eps = lr, eps
        self.h = {}

    def update(self, params, grads):
        for key in params:
            if key not in self.h:
                self.h[key] = np.ones_like(params[key])
            self.h[key] += grads[key] ** 2
            params[key] -= self.lr * grads[key] / (self.h[key] + self.eps)


@wrong(
    "adagrad/after-a-calm",
    "The minus sign is lost: theta steps uphill, along the gradient.",
    "The usual gradient counts once, not once for each call.",
)
def surprise1(calls, usual, big):
    return big / (usual**2 + big**2) ** 0.5


@wrong(
    "adagrad/hindsight",
    "G is the sum of the sizes instead of the root of the sum of squares.",
    "The scales sum to one: `total` is forgotten.",
)
def hindsight_scales1(gradients, total):
    G = np.abs(gradients).sum(axis=0)
    return G / G.sum()
