"""Lesson 04: one mistake each."""

import numpy as np
from blind_collection import wrong


@wrong("adagrad/update", "One number for each array: the squares are summed over all its coordinates.")
class AdaGrad_04_a:
    def __init__(self, lr=0.01, eps=1e-8):
        self.lr, self.eps = lr, eps
        self.h = {}

    def update(self, params, grads):
        for key, g in grads.items():
            self.h[key] = self.h.get(key, 0.0) + np.sum(g**2)
            params[key] -= self.lr * g / (np.sqrt(self.h[key]) + self.eps)


@wrong("adagrad/update", "h starts at one, so as not to divide by zero.")
class AdaGrad_04_b:
    def __init__(self, lr=0.01, eps=1e-8):
        self.lr, self.eps = lr, eps
        self.h = {}

    def update(self, params, grads):
        for key in params:
            if key not in self.h:
                self.h[key] = np.ones_like(params[key])
            self.h[key] += grads[key] ** 2
            params[key] -= self.lr * grads[key] / (np.sqrt(self.h[key]) + self.eps)


@wrong("adagrad/after-a-calm", "Draws the root of each summand: √(n u²) + |b| in place of √(n u² + b²).")
def surprise_04_c(calls, usual, big):
    return -big / (np.sqrt(calls) * abs(usual) + abs(big))


@wrong("adagrad/hindsight", "The scales are proportional to G², without the root.")
def hindsight_scales_04_d(gradients, total):
    # the derivative of G²/s must be the same everywhere, so s ~ G²
    squares = np.sum(gradients**2, axis=0)
    return total * squares / np.sum(squares)


@wrong("adagrad/best-bound", "The derivative lost the one half: η = D.")
def best_bound_04_e(farthest, G):
    lr = farthest
    return {"lr": lr, "bound": (farthest**2 / (2 * lr) + lr) * np.sum(G)}


@wrong("adagrad/rescaled", "The unit is √h in place of its root.")
def rescaled_04_f(A, h):
    c = np.sqrt(h)
    return A / c[:, None] / c[None, :]
