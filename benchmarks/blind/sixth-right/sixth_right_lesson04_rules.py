"""Lesson 04: right answers in unusual ways."""

import numpy as np
from blind_collection import right


@right("adagrad/update", "Keeps the root itself, not the sum, and adds to it with np.hypot.")
class AdaGrad4:
    def __init__(self, lr=0.01, eps=1e-8):
        self.lr, self.eps = lr, eps
        self.h = {}

    def update(self, params, grads):
        for k in params:
            self.h[k] = np.hypot(self.h.get(k, 0.0), grads[k])
            params[k] -= self.lr * grads[k] / (self.h[k] + self.eps)


@right("adagrad/after-a-calm", "Writes out all the gradients and takes the length of the vector.")
def surprise7(calls, usual, big):
    gradients = [usual] * int(calls) + [big]
    return -gradients[-1] / float(np.linalg.norm(gradients))


@right("adagrad/rescaled", "Multiplies a diagonal matrix from both sides, its entries from two square roots.")
def rescaled12(A, h):
    D = np.linalg.inv(np.diag(np.sqrt(np.sqrt(h))))
    return D.T @ A @ D
