"""Lesson 03: right answers in unusual ways."""

import numpy as np
from blind_collection import right


@right(
    "nesterov/update",
    "one velocity only: mu² v - (1 + mu) eta g with the old v, which is replaced afterwards",
)
class Nesterov1:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr = lr
        self.momentum = momentum
        self.memory = {}

    def update(self, params, grads):
        mu = self.momentum
        for k, g in grads.items():
            v = self.memory.setdefault(k, np.zeros(np.shape(g)))
            params[k] += mu * mu * v - (1 + mu) * self.lr * g
            self.memory[k] = mu * v - self.lr * g


@right("nesterov/matrix", "a product: first the look-ahead, then one step of plain descent from there")
def nesterov_matrix1(lr, momentum, curvature):
    ahead = np.array([[1 + momentum, -momentum], [1.0, 0.0]])
    push = np.diag([1 - lr * curvature, 1.0])
    return push @ ahead


@right("nesterov/critical", "rearranged to 2 / (1 + sqrt q) - 1")
def critical_momentum1(lr, curvature):
    return 2 / (1 + (lr * curvature) ** 0.5) - 1
