"""Lesson 02: odd answers."""

import numpy as np
from blind_collection import wrong


@wrong("momentum/ball", "The two numbers are right, but in the wrong order: (momentum, lr).")
def from_ball2(mass, friction, h):
    lr = h**2 / (mass + friction * h)
    momentum = mass / (mass + friction * h)
    return momentum, lr


@wrong(
    "momentum/update",
    "The dict of velocities belongs to the class, not to the object: all optimizers share it.",
)
class Momentum7:
    v = {}

    def __init__(self, lr=0.01, momentum=0.9):
        self.lr = lr
        self.momentum = momentum

    def update(self, params, grads):
        for k in params:
            if k not in self.v:
                self.v[k] = np.zeros_like(params[k])
            self.v[k] = self.momentum * self.v[k] - self.lr * grads[k]
            params[k] += self.v[k]


@wrong("momentum/read-off", "Prints the two numbers and returns nothing.")
def read_off11(path):
    d = np.diff(path)
    A = np.column_stack([d[:-1], -path[1:-1]])
    mu, q = np.linalg.lstsq(A, d[1:], rcond=None)[0]
    print(q, mu)
