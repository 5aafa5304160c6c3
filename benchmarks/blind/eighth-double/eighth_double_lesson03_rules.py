"""Lesson 03: two mistakes each."""

import numpy as np
from blind_collection import wrong


@wrong(
    "nesterov/look-ahead",
    "The velocity starts at the first push instead of at zero.",
    "The look-ahead point is θ + v instead of θ + μ v.",
)
def look_ahead_03_a(gradient, theta, lr, momentum, steps):
    path = np.zeros((steps + 1, len(theta)))
    path[0] = theta
    v = -lr * gradient(theta)
    for i in range(steps):
        ahead = path[i] + v
        v = momentum * v - lr * gradient(ahead)
        path[i + 1] = path[i] + v
    return path


@wrong(
    "nesterov/update",
    "The gradient has the wrong sign in the velocity: the ball goes uphill.",
    "The old look-ahead is not undone: the term with the old velocity is missing.",
)
class Nesterov03A:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr = lr
        self.momentum = momentum
        self.v = {}

    def update(self, params, grads):
        for key, g in grads.items():
            self.v[key] = self.momentum * self.v.get(key, 0.0) + self.lr * g
            params[key] += (1 + self.momentum) * self.v[key]


@wrong(
    "nesterov/update",
    "Weights the push with 1 - μ, as in an average.",
    "The old velocity is overwritten before it is used, so the new one stands in both places.",
)
class Nesterov03B:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr = lr
        self.momentum = momentum
        self.v = {}

    def update(self, params, grads):
        mu = self.momentum
        for k in params:
            if k not in self.v:
                self.v[k] = np.zeros_like(params[k])
            self.v[k] = mu * self.v[k] - (1 - mu) * self.lr * grads[k]
            params[k] += (1 + mu) * self.v[k] - mu * self.v[k]
