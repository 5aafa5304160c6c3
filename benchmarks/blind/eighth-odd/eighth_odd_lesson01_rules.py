"""Lesson 01: odd answers."""

import numpy as np
from blind_collection import wrong

value_01_a = wrong("sgd/best-lr", "The number stands in quotes: it is a text.")("0.235")


@wrong(
    "sgd/update",
    "Code from a blog: computes new parameters in a new dict and returns it; the caller's params stay as they were.",
)
class SGD01A:
    def __init__(self, lr=0.01):
        self.lr = lr

    def update(self, params, grads):
        """Perform one gradient descent step and return the updated parameters."""
        updated_params = {}
        for name, param in params.items():
            updated_params[name] = param - self.lr * np.asarray(grads[name])
        return updated_params
