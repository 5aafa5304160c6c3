"""Lesson 03: two mistakes each."""

import numpy as np
from blind_collection import wrong


@wrong(
    "nesterov/look-ahead",
    "The start is missing from the places.",
    "Looks back instead of ahead: theta - mu v.",
)
def look_ahead1(gradient, theta, lr, momentum, steps):
    v = np.zeros(theta.shape)
    here = theta
    path = []
    for _ in range(steps):
        a = here - momentum * v
        v = momentum * v - lr * gradient(a)
        here = here + v
        path.append(here)
    return np.array(path)


@wrong(
    "nesterov/update",
    "The old velocity comes in with a plus instead of a minus.",
    "The learning rate is missing in the velocity.",
)
class Nesterov1:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr = lr
        self.momentum = momentum
        self.v = {}

    def update(self, params, grads):
        for k in params:
            before = self.v.get(k, np.zeros(np.shape(params[k])))
            self.v[k] = self.momentum * before - grads[k]
            params[k] += self.momentum * before + (1 + self.momentum) * self.v[k]
