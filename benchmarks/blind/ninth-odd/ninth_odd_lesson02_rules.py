"""Lesson 02: wrong in an odd way."""

import numpy as np
from blind_collection import wrong


@wrong("momentum/update", "The velocities belong to the class: all optimizers share them.")
class Momentum_02_a:
    v = {}

    def __init__(self, lr=0.01, momentum=0.9):
        self.lr = lr
        self.momentum = momentum

    def update(self, params, grads):
        for k in params:
            if k not in self.v or self.v[k].shape != params[k].shape:
                self.v[k] = np.zeros_like(params[k])
            self.v[k] = self.momentum * self.v[k] - self.lr * grads[k]
            params[k] += self.v[k]


@wrong("momentum/ball", "Prints the pair and returns nothing.")
def from_ball_02_b(mass, friction, h):
    lr = h**2 / (mass + friction * h)
    momentum = mass / (mass + friction * h)
    print(lr, momentum)
