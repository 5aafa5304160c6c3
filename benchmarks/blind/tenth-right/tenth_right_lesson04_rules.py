"""Right answers, written in unusual ways, of the tenth blind set, lesson 04."""

import numpy as np
from blind_collection import right


@right("adagrad/update", "keeps the root of the sum itself and makes it longer with np.hypot")
class AdaGrad_04_r_a:
    def __init__(self, lr=0.01, eps=1e-8):
        self.lr, self.eps = lr, eps
        self.h = {}

    def update(self, params, grads):
        for k, p in params.items():
            self.h[k] = np.hypot(self.h.get(k, 0.0), grads[k])
            p -= self.lr * grads[k] / (self.h[k] + self.eps)


@right("adagrad/after-a-calm", "np.hypot.reduce over all gradients of the run, one after the other")
def surprise_04_r_b(calls, usual, big):
    root = np.hypot.reduce(np.append(np.full(calls, float(usual)), big))
    return -big / root


@right("adagrad/hindsight", "G as the root of the diagonal of the product of the gradients with themselves")
def hindsight_scales_04_r_c(gradients, total):
    G = np.diag(gradients.T @ gradients) ** 0.5
    return np.full(G.shape, total) * (G / G.sum())


@right("adagrad/rescaled", "a product of three matrices, the outer two diagonal with h to the power −1/4")
def rescaled_04_r_d(A, h):
    C = np.diag(1 / np.sqrt(np.sqrt(h)))
    return np.linalg.multi_dot([C, A, C])
