"""Odd answers, lesson 01."""

import numpy as np
from blind_collection import wrong

wrong("sgd/best-lr", "The right number, but in quotes: text.")("0.235")


@wrong(
    "sgd/update",
    "Written like a functional library: builds and returns a new dict of parameters, and leaves the caller's params as they were.",
)
class SGD_odd_01_a:
    def __init__(self, lr=0.01):
        self.lr = lr

    def update(self, params, grads):
        return {name: value - self.lr * grads[name] for name, value in params.items()}


@wrong("sgd/worst-factor", "Prints the factor and returns nothing.")
def worst_factor_odd_01_b(lr, curvatures):
    factors = np.abs(1 - lr * np.asarray(curvatures))
    print("worst factor:", factors.max())
