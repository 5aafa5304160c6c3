"""Lesson 04: right answers in unusual ways."""

import math

import numpy as np
from blind_collection import right


@right("adagrad/update", "keeps the root of h and renews it with np.hypot")
class AdaGrad1:
    def __init__(self, lr=0.01, eps=1e-8):
        self.lr, self.eps = lr, eps
        self.length = {}

    def update(self, params, grads):
        for key, g in grads.items():
            self.length[key] = np.hypot(self.length.get(key, 0.0), g)
            params[key] -= self.lr * (g / (self.length[key] + self.eps))


@right("adagrad/after-a-calm", "the hypotenuse of two lengths, from the math module")
def surprise1(calls, usual, big):
    return -big / math.hypot(math.sqrt(calls) * usual, big)


@right("adagrad/rescaled", "the fourth root of an outer product")
def rescaled1(A, h):
    return A * np.outer(h, h) ** -0.25
