"""Lesson 02: odd answers, all wrong."""

import numpy as np
from blind_collection import wrong


@wrong("momentum/ball", "The pair is in the wrong order: momentum first.")
def from_ball1(mass, friction, h):
    lr = h**2 / (mass + friction * h)
    momentum = mass / (mass + friction * h)
    return momentum, lr


@wrong(
    "momentum/update",
    "The dict of velocities belongs to the class, so all optimizers share it and a new one starts with the velocities of the last.",
)
class Momentum1:
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
