"""Single slips in the exercises of lesson 04."""

import numpy as np
from blind_collection import wrong


@wrong(
    "adagrad/update",
    "Divides by the root of the mean of the squares so far instead of by the root of their sum.",
)
class AdaGrad_04_a:
    def __init__(self, lr=0.01, eps=1e-8):
        self.lr, self.eps = lr, eps
        self.h = {}
        self.t = 0

    def update(self, params, grads):
        self.t += 1
        for k in params:
            if k not in self.h:
                self.h[k] = np.zeros_like(params[k])
            self.h[k] = self.h[k] + grads[k] ** 2
            params[k] -= self.lr * grads[k] / (np.sqrt(self.h[k] / self.t) + self.eps)


@wrong(
    "adagrad/update",
    "One number h for each array, the sum over all its entries, instead of one for each coordinate.",
)
class AdaGrad_04_b:
    def __init__(self, lr=0.01, eps=1e-8):
        self.lr, self.eps = lr, eps
        self.h = {}

    def update(self, params, grads):
        for k in params:
            self.h[k] = self.h.get(k, 0.0) + np.sum(grads[k] ** 2)
            params[k] -= self.lr * grads[k] / (np.sqrt(self.h[k]) + self.eps)


@wrong("adagrad/update", "Adds up the sizes |g| instead of the squares.")
class AdaGrad_04_c:
    def __init__(self, lr=0.01, eps=1e-8):
        self.lr, self.eps = lr, eps
        self.h = {}

    def update(self, params, grads):
        for key, g in grads.items():
            self.h[key] = self.h.get(key, 0) + np.abs(g)
            params[key] -= self.lr * g / (np.sqrt(self.h[key]) + self.eps)


@wrong("adagrad/after-a-calm", "h holds the past only: the big gradient itself is not added before dividing.")
def surprise_04_d(calls, usual, big):
    h = calls * usual**2
    return -big / np.sqrt(h)


@wrong("adagrad/hindsight", "Scales in proportion to G squared instead of G: the root is missing.")
def hindsight_scales_04_e(gradients, total):
    G2 = np.sum(gradients**2, axis=0)
    return total * G2 / G2.sum()


@wrong("adagrad/rescaled", "Multiplies A by the fourth roots instead of dividing.")
def rescaled_04_f(A, h):
    c = h**0.25
    return A * c[:, None] * c[None, :]
