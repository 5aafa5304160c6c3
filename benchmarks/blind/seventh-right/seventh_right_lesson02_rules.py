"""Lesson 02: right answers in unusual ways."""

import numpy as np
from blind_collection import right


@right("momentum/update", "stores the velocity with the opposite sign and subtracts it")
class Momentum1:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr, self.momentum = lr, momentum
        self.uphill = {}

    def update(self, params, grads):
        for k, g in grads.items():
            self.uphill[k] = self.lr * g + self.momentum * self.uphill.get(k, 0.0)
            params[k] -= self.uphill[k]


@right("momentum/read-off", "least squares for the two numbers of the matrix's first row")
def read_off1(path):
    rows = np.column_stack([path[1:-1], path[:-2]])
    p, q = np.linalg.lstsq(rows, path[2:], rcond=None)[0]
    return 1 - q - p, -q


@right("momentum/tuned", "by the root of the condition number")
def tuned1(flattest, steepest):
    root_kappa = np.sqrt(steepest / flattest)
    root_mu = 1 - 2 / (root_kappa + 1)
    lr = (1 + root_mu) ** 2 / steepest
    return float(lr), float(root_mu**2)
