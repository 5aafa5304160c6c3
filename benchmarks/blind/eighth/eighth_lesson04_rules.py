"""Lesson 04: one mistake each."""

import numpy as np
from blind_collection import wrong


@wrong(
    "adagrad/after-a-calm", "Adds one more usual square to the sum instead of the square of the big gradient."
)
def surprise_04_a(calls, usual, big):
    h = (calls + 1) * usual**2
    return -big / np.sqrt(h)


@wrong(
    "adagrad/hindsight",
    "Adds up the absolute values of the gradients instead of taking the root of the sum of squares.",
)
def hindsight_scales_04_a(gradients, total):
    G = np.abs(gradients).sum(axis=0)
    return total * G / G.sum()


@wrong(
    "adagrad/best-bound",
    "Loses the 2 of D²/(2η) in the derivative: η is D instead of D/√2, and the bound is taken there.",
)
def best_bound_04_a(farthest, G):
    # -D^2 / lr^2 + 1 = 0
    lr = farthest
    return {"lr": lr, "bound": (farthest**2 / (2 * lr) + lr) * np.sum(G)}


@wrong(
    "adagrad/rescaled",
    "Takes c = √h instead of its root, the fourth root of h; the chain rule brings c in twice.",
)
def rescaled_04_a(A, h):
    c = np.sqrt(h)
    return A / np.outer(c, c)


@wrong(
    "adagrad/update",
    "Divides by the root of the mean of the squares, not of their sum, so the steps do not get shorter.",
)
class AdaGrad04A:
    def __init__(self, lr=0.01, eps=1e-8):
        self.lr, self.eps = lr, eps
        self.h = {}
        self.calls = 0

    def update(self, params, grads):
        self.calls += 1
        for key, g in grads.items():
            self.h[key] = self.h.get(key, np.zeros_like(g)) + g**2
            params[key] -= self.lr * g / (np.sqrt(self.h[key] / self.calls) + self.eps)


@wrong("adagrad/update", "Adds the absolute values of the gradients to h, not their squares.")
class AdaGrad04B:
    def __init__(self, lr=0.01, eps=1e-8):
        self.lr, self.eps = lr, eps
        self.h = {}

    def update(self, params, grads):
        for key in params:
            if key not in self.h:
                self.h[key] = np.zeros_like(params[key])
            self.h[key] += np.abs(grads[key])
            params[key] -= self.lr * grads[key] / (np.sqrt(self.h[key]) + self.eps)


@wrong("adagrad/update", "Keeps one sum for the whole array instead of one for each coordinate.")
class AdaGrad04C:
    def __init__(self, lr=0.01, eps=1e-8):
        self.lr, self.eps = lr, eps
        self.h = {}

    def update(self, params, grads):
        for key in params:
            self.h[key] = self.h.get(key, 0.0) + np.sum(grads[key] ** 2)
            params[key] -= self.lr * grads[key] / (np.sqrt(self.h[key]) + self.eps)
