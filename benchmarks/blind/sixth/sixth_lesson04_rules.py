"""Lesson 04: one mistake each."""

import numpy as np
from blind_collection import wrong


@wrong("adagrad/update", "epsilon stands inside the root.")
class AdaGrad1:
    def __init__(self, lr=0.01, eps=1e-8):
        self.lr, self.eps = lr, eps
        self.h = {}

    def update(self, params, grads):
        for k in params:
            if k not in self.h:
                self.h[k] = np.zeros_like(params[k])
            self.h[k] += grads[k] ** 2
            params[k] -= self.lr * grads[k] / np.sqrt(self.h[k] + self.eps)


@wrong("adagrad/update", "Divides by h itself: the root is missing.")
class AdaGrad2:
    def __init__(self, lr=0.01, eps=1e-8):
        self.lr, self.eps = lr, eps
        self.h = {}

    def update(self, params, grads):
        for k in params:
            self.h[k] = self.h.get(k, 0) + grads[k] * grads[k]
            params[k] -= self.lr * grads[k] / (self.h[k] + self.eps)


@wrong(
    "adagrad/after-a-calm",
    "Adds the lengths instead of the squares: sqrt(calls)*usual + |big| below the line.",
)
def surprise5(calls, usual, big):
    return -big / (np.sqrt(calls) * abs(usual) + abs(big))


@wrong("adagrad/hindsight", "The scales are proportional to the sum of squares: the root is missing.")
def hindsight_scales8(gradients, total):
    G2 = np.sum(gradients**2, axis=0)
    return total * G2 / G2.sum()


@wrong(
    "adagrad/best-bound",
    "Differentiates with D in place of D^2: eta is sqrt(D/2), and the bound is (6) at that eta.",
)
def best_bound10(farthest, G):
    lr = np.sqrt(farthest / 2)
    return {"lr": lr, "bound": (farthest**2 / (2 * lr) + lr) * np.sum(G)}


@wrong(
    "adagrad/rescaled",
    "The units are c = sqrt(h): everything is divided by the root of h_i h_j instead of its fourth root.",
)
def rescaled11(A, h):
    c = np.sqrt(h)
    return A / np.outer(c, c)
