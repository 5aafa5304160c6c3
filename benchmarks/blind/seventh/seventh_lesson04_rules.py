"""Lesson 04: one mistake each."""

import numpy as np
from blind_collection import wrong


@wrong("adagrad/update", "Adds up the sizes of the gradients instead of their squares.")
class AdaGrad1:
    def __init__(self, lr=0.01, eps=1e-8):
        self.lr, self.eps = lr, eps
        self.h = {}

    def update(self, params, grads):
        for key in params:
            g = grads[key]
            if key not in self.h:
                self.h[key] = np.zeros_like(params[key])
            self.h[key] += np.abs(g)
            params[key] -= self.lr * g / (np.sqrt(self.h[key]) + self.eps)


@wrong("adagrad/after-a-calm", "The big gradient itself is not yet in the sum under the root.")
def surprise1(calls, usual, big):
    h = calls * usual**2
    return -big / np.sqrt(h)


@wrong("adagrad/hindsight", "The root is forgotten: the scales are proportional to the sums of squares.")
def hindsight_scales1(gradients, total):
    G = np.sum(gradients**2, axis=0)
    return total * G / np.sum(G)


@wrong("adagrad/best-bound", "The bound has the length of the vector G instead of the sum of its entries.")
def best_bound1(farthest, G):
    lr = farthest / np.sqrt(2)
    return {"lr": lr, "bound": (farthest**2 / (2 * lr) + lr) * np.linalg.norm(G)}


@wrong(
    "adagrad/best-bound",
    "Loses the 2 in D²/(2 eta) when differentiating, so eta is D instead of D over root two.",
)
def best_bound2(farthest, G):
    # derivative: -D^2/eta^2 + 1 = 0
    lr = farthest
    bound = (farthest**2 / (2 * lr) + lr) * np.sum(G)
    return {"lr": lr, "bound": bound}


@wrong("adagrad/rescaled", "Takes sqrt(h) as the unit of each coordinate; it has to be the fourth root.")
def rescaled1(A, h):
    c = np.sqrt(h)
    return A / c[:, None] / c[None, :]
