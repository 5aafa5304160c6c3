"""Lesson 04: two mistakes each."""

import numpy as np
from blind_collection import wrong


@wrong(
    "adagrad/update", "h is overwritten by the latest square instead of added to, and epsilon is forgotten."
)
class AdaGrad3:
    def __init__(self, lr=0.01, eps=1e-8):
        self.lr, self.eps = lr, eps
        self.h = {}

    def update(self, params, grads):
        for k in params:
            self.h[k] = grads[k] ** 2
            params[k] -= self.lr * grads[k] / np.sqrt(self.h[k])


@wrong("adagrad/after-a-calm", "The minus of the step is missing, and big's own square is not in the sum.")
def surprise6(calls, usual, big):
    h = calls * usual**2
    return big / np.sqrt(h)
