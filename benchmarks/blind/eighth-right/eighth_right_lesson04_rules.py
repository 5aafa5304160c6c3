"""Lesson 04: right answers in unusual ways."""

import math

import numpy as np
from blind_collection import right


@right("adagrad/update", "keeps the root itself, brought up to date with np.hypot")
class AdaGrad04A:
    def __init__(self, lr=0.01, eps=1e-8):
        self.lr, self.eps = lr, eps
        self.lengths = {}

    def update(self, params, grads):
        for key in grads:
            self.lengths[key] = np.hypot(self.lengths.get(key, 0.0), grads[key])
            params[key] -= self.lr * (grads[key] / (self.lengths[key] + self.eps))


@right("adagrad/after-a-calm", "the length of a vector, by math.hypot")
def surprise_04_a(calls, usual, big):
    return -float(big) / math.hypot(big, math.sqrt(calls) * usual)


@right("adagrad/rescaled", "as a product of three matrices")
def rescaled_04_a(A, h):
    S = np.diag(1 / np.sqrt(np.sqrt(h)))
    return S @ A @ S
