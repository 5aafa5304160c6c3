"""Lesson 02: right answers in unusual ways."""

import numpy as np
from blind_collection import right


@right("momentum/update", "the buffer holds the velocity with the opposite sign, and is changed in place")
class Momentum02A:
    def __init__(self, lr=0.01, momentum=0.9):
        self.eta, self.mu = lr, momentum
        self.buffers = {}

    def update(self, params, grads):
        for name, p in params.items():
            b = self.buffers.setdefault(name, np.zeros(np.shape(p)))
            b *= self.mu
            b += self.eta * grads[name]
            p -= b


@right("momentum/read-off", "least squares over the whole path")
def read_off_02_a(path):
    moves = np.diff(path)
    table = np.column_stack([-path[1:-1], moves[:-1]])
    k, mu = np.linalg.lstsq(table, moves[1:], rcond=None)[0]
    return k, mu


@right(
    "momentum/tuned",
    "through the condition number, and η from the steep end; a list instead of a tuple of floats",
)
def tuned_02_a(flattest, steepest):
    kappa = steepest / flattest
    root = 1 - 2 / (kappa**0.5 + 1)
    return [(1 + root) ** 2 / steepest, root**2]
