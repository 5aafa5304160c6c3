"""Two mistakes in one answer, lesson 04."""

import numpy as np
from blind_collection import wrong


@wrong(
    "adagrad/after-a-calm",
    "The minus is missing: the step goes along the gradient.",
    "Divides by h instead of by its root.",
)
def surprise_double_04_a(calls, usual, big):
    return big / (calls * usual**2 + big**2)


@wrong(
    "adagrad/best-bound",
    "lr is D times the root of 2 instead of D over it.",
    "The bound has the Euclidean length of G instead of the sum of the G_i.",
)
def best_bound_double_04_b(farthest, G):
    return {"lr": np.sqrt(2) * farthest, "bound": np.sqrt(2) * farthest * np.linalg.norm(G)}


@wrong(
    "adagrad/update",
    "h adds up lr times the squares.",
    "The numerator is the sign of the gradient, not the gradient.",
)
class AdaGrad_double_04_c:
    def __init__(self, lr=0.01, eps=1e-8):
        self.lr, self.eps = lr, eps
        self.h = {}

    def update(self, params, grads):
        for k in params:
            if k not in self.h:
                self.h[k] = np.zeros_like(params[k])
            self.h[k] = self.h[k] + self.lr * grads[k] ** 2
            params[k] -= self.lr * np.sign(grads[k]) / (np.sqrt(self.h[k]) + self.eps)
