"""Single slips of the twelfth blind set, lesson 04: one mistake each."""

import numpy as np
from blind_collection import wrong


@wrong("adagrad/update", "Adds the size of the gradient to h instead of its square.")
class AdaGradAbs_04_s1:
    def __init__(self, lr=0.01, eps=1e-8):
        self.lr, self.eps = lr, eps
        self.h = {}

    def update(self, params, grads):
        for k in params:
            if k not in self.h:
                self.h[k] = np.zeros_like(grads[k])
            self.h[k] = self.h[k] + np.abs(grads[k])
            params[k] -= self.lr * grads[k] / (np.sqrt(self.h[k]) + self.eps)


@wrong(
    "adagrad/update",
    "One number for the whole array: h holds the sum of all its squared gradients instead of one for each coordinate.",
)
class AdaGradOneNumber_04_s2:
    def __init__(self, lr=0.01, eps=1e-8):
        self.lr, self.eps = lr, eps
        self.h = {}

    def update(self, params, grads):
        for key, g in grads.items():
            self.h[key] = self.h.get(key, 0.0) + np.sum(g**2)
            params[key] -= self.lr * g / (np.sqrt(self.h[key]) + self.eps)


@wrong(
    "adagrad/update",
    "The present gradient counts twice in the denominator: h holds it already, and g² is added once more under the root.",
)
class AdaGradCountsTwice_04_s3:
    def __init__(self, lr=0.01, eps=1e-8):
        self.lr = lr
        self.eps = eps
        self.h = {}

    def update(self, params, grads):
        for k, g in grads.items():
            self.h[k] = self.h.get(k, 0.0) + g**2
            denominator = np.sqrt(self.h[k] + g**2) + self.eps
            params[k] -= self.lr * g / denominator


@wrong(
    "adagrad/after-a-calm",
    "First summed, then squared: h is (calls · usual)² + big² instead of calls · usual² + big².",
)
def surprise_sum_then_square_04_s4(calls, usual, big):
    h = (calls * usual) ** 2 + big**2
    return -big / np.sqrt(h)


@wrong(
    "adagrad/hindsight",
    "Scales proportional to the standard deviation of each column instead of the root of its sum of squares: the mean is taken off.",
)
def hindsight_std_04_s5(gradients, total):
    spread = np.std(gradients, axis=0)
    return total * spread / spread.sum()


@wrong(
    "adagrad/rescaled",
    "Only the rows are divided, by the full root of h, instead of rows and columns by its fourth root each.",
)
def rescaled_one_side_04_s6(A, h):
    # preconditioned matrix D^-1 A
    return A / np.sqrt(h)[:, np.newaxis]
