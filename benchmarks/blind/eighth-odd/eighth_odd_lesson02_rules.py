"""Lesson 02: odd answers."""

import numpy as np
from blind_collection import wrong


@wrong("momentum/ball", "Returns the two numbers in the wrong order: momentum first, learning rate second.")
def from_ball_02_a(mass, friction, h):
    mu = mass / (mass + friction * h)
    eta = h**2 / (mass + friction * h)
    return mu, eta


@wrong(
    "momentum/update",
    "The velocities belong to the class, not to the object: two optimizers share them, and a new one begins with the old velocities.",
)
class Momentum02A:
    v = {}

    def __init__(self, lr=0.01, momentum=0.9):
        self.lr = lr
        self.momentum = momentum

    def update(self, params, grads):
        for key in params:
            if key not in self.v:
                self.v[key] = np.zeros_like(params[key])
            self.v[key] = self.momentum * self.v[key] - self.lr * grads[key]
            params[key] += self.v[key]
