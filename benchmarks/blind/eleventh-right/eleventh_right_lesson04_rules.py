"""Right answers in unusual ways, lesson 04."""

import numpy as np
from blind_collection import right


@right("adagrad/update", "keeps the root of the sum instead of the sum, with np.hypot")
class AdaGrad_right_04_a:
    def __init__(self, lr=0.01, eps=1e-8):
        self.lr, self.eps = lr, eps
        self.h = {}

    def update(self, params, grads):
        for key in grads:
            self.h[key] = np.hypot(self.h.get(key, 0.0), grads[key])
            params[key] -= self.lr * grads[key] / (self.h[key] + self.eps)


@right("adagrad/after-a-calm", "the sine of an angle")
def surprise_right_04_b(calls, usual, big):
    return -np.sin(np.arctan2(big, np.sqrt(calls) * np.abs(usual)))


@right("adagrad/rescaled", "einsum with the inverse fourth roots")
def rescaled_right_04_c(A, h):
    shrink = 1 / np.sqrt(np.sqrt(h))
    return np.einsum("i,ij,j->ij", shrink, A, shrink)
