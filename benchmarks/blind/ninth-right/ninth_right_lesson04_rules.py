"""Lesson 04: right, in an unusual way."""

import math

import numpy as np
from blind_collection import right


@right("adagrad/update", "Keeps the root of h, and lets hypot add the next square.")
class AdaGrad_04_a:
    def __init__(self, lr=0.01, eps=1e-8):
        self.lr, self.eps = lr, eps
        self.h = {}

    def update(self, params, grads):
        for key in grads:
            self.h[key] = np.hypot(self.h.get(key, 0.0), grads[key])
            params[key] -= self.lr * (grads[key] / (self.h[key] + self.eps))


@right("adagrad/after-a-calm", "The step is minus the sine of an angle.")
def surprise_04_b(calls, usual, big):
    return -math.sin(math.atan2(big, math.sqrt(calls) * abs(usual)))


@right("adagrad/hindsight", "The roots of the diagonal of GᵀG, scaled by their mean.")
def hindsight_scales_04_c(gradients, total):
    lengths = np.sqrt(np.diag(gradients.T @ gradients))
    return lengths / lengths.mean() * (total / len(lengths))


@right("adagrad/rescaled", "Solves with the diagonal matrix of units from both sides.")
def rescaled_04_d(A, h):
    C = np.diag(np.sqrt(np.sqrt(h)))
    half = np.linalg.solve(C, A)
    return np.linalg.solve(C, half.T).T
