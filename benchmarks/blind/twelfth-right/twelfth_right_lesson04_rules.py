"""Right answers of the twelfth blind set, lesson 04, written in unusual ways."""

import math

import numpy as np
from blind_collection import right


@right("adagrad/update", "Keeps the root of the sum, grown by np.hypot.")
class AdaGradHypot_04_r1:
    def __init__(self, lr=0.01, eps=1e-8):
        self.lr, self.eps = lr, eps
        self.root = {}

    def update(self, params, grads):
        for key, g in grads.items():
            self.root[key] = np.hypot(self.root.get(key, 0.0), g)
            params[key] -= self.lr * (g / (self.root[key] + self.eps))


@right("adagrad/after-a-calm", "As the sine of an angle.")
def surprise_sine_04_r2(calls, usual, big):
    angle = np.arctan2(big, math.sqrt(calls) * abs(usual))
    return -np.sin(angle)


@right("adagrad/hindsight", "A comprehension over the columns with math.hypot and math.fsum.")
def hindsight_columns_04_r3(gradients, total):
    lengths = [math.hypot(*column) for column in np.transpose(gradients)]
    everything = math.fsum(lengths)
    return np.array([total * length / everything for length in lengths])


@right("adagrad/rescaled", "Diagonal matrices from both sides.")
def rescaled_diagonal_04_r4(A, h):
    T = np.diag(1 / np.sqrt(np.sqrt(h)))
    return T @ A @ T
