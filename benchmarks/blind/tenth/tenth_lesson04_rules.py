"""Single slips of the tenth blind set, lesson 04: one mistake an answer."""

import numpy as np
from blind_collection import wrong


@wrong("adagrad/update", "h is one number for a whole array: the squares of all its coordinates are summed.")
class AdaGrad_04_a:
    def __init__(self, lr=0.01, eps=1e-8):
        self.lr, self.eps = lr, eps
        self.h = {}

    def update(self, params, grads):
        for k in params:
            self.h[k] = self.h.get(k, 0.0) + np.sum(grads[k] ** 2)
            params[k] -= self.lr * grads[k] / (np.sqrt(self.h[k]) + self.eps)


@wrong("adagrad/update", "Divides by the root of the mean of the squares so far, h/t, instead of their sum.")
class AdaGrad_04_b:
    def __init__(self, lr=0.01, eps=1e-8):
        self.lr, self.eps = lr, eps
        self.h = {}
        self.t = 0

    def update(self, params, grads):
        self.t += 1
        for k, g in grads.items():
            if k not in self.h:
                self.h[k] = np.zeros_like(g)
            self.h[k] += g**2
            params[k] -= self.lr * g / (np.sqrt(self.h[k] / self.t) + self.eps)


@wrong("adagrad/update", "h keeps the largest squared gradient so far instead of adding them up.")
class AdaGrad_04_c:
    def __init__(self, lr=0.01, eps=1e-8):
        self.lr, self.eps = lr, eps
        self.h = {}

    def update(self, params, grads):
        for k in params:
            g = grads[k]
            self.h[k] = np.maximum(self.h.get(k, np.zeros_like(g)), g * g)
            params[k] -= self.lr * g / (np.sqrt(self.h[k]) + self.eps)


@wrong("adagrad/after-a-calm", "The usual gradients enter the sum without their square.")
def surprise_04_d(calls, usual, big):
    h = calls * abs(usual) + big**2
    return -big / np.sqrt(h)


@wrong("adagrad/best-bound", "The bound takes the length of the vector G instead of the sum of its entries.")
def best_bound_04_e(farthest, G):
    lr = farthest / np.sqrt(2)
    bound = (farthest**2 / (2 * lr) + lr) * np.linalg.norm(G)
    return {"lr": lr, "bound": bound}


@wrong(
    "adagrad/rescaled",
    "Only the rows are divided, by √h; each side of A should be divided by the fourth root.",
)
def rescaled_04_f(A, h):
    return A / np.sqrt(h)[:, None]
