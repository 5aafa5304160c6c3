"""Lesson 04: two mistakes each."""

import numpy as np
from blind_collection import wrong


@wrong(
    "adagrad/update",
    "Adds the sizes of the gradients, not their squares.",
    "h is halved at each call, so it forgets.",
)
class AdaGrad_04_a:
    def __init__(self, lr=0.01, eps=1e-8):
        self.lr, self.eps = lr, eps
        self.h = {}

    def update(self, params, grads):
        for k in params:
            if k not in self.h:
                self.h[k] = np.zeros_like(params[k])
            self.h[k] = 0.5 * self.h[k] + np.abs(grads[k])
            params[k] -= self.lr * grads[k] / (np.sqrt(self.h[k]) + self.eps)


@wrong(
    "adagrad/after-a-calm",
    "The step goes along the gradient: the minus is missing.",
    "The root is taken of the sum before the big gradient.",
)
def surprise_04_b(calls, usual, big):
    h = calls * usual**2
    return big / np.sqrt(h)
