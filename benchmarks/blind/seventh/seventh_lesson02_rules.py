"""Lesson 02: one mistake each."""

import numpy as np
from blind_collection import wrong


@wrong("momentum/ball", "The learning rate has h instead of h²: only right at h = 1, as in the example.")
def from_ball1(mass, friction, h):
    below = mass + friction * h
    return h / below, mass / below


@wrong("momentum/update", "Moves by the old velocity and computes the new one afterwards.")
class Momentum1:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr = lr
        self.momentum = momentum
        self.v = {}

    def update(self, params, grads):
        for k in params:
            if k not in self.v:
                self.v[k] = np.zeros_like(params[k])
            params[k] += self.v[k]
            self.v[k] = self.momentum * self.v[k] - self.lr * grads[k]


@wrong(
    "momentum/update",
    "Keeps an average instead of a sum: the gradient is multiplied by 1 - momentum as well.",
)
class Momentum2:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr = lr
        self.momentum = momentum
        self.v = {}

    def update(self, params, grads):
        for k in params:
            old = self.v.get(k, np.zeros_like(params[k]))
            self.v[k] = self.momentum * old - (1 - self.momentum) * self.lr * grads[k]
            params[k] += self.v[k]


@wrong(
    "momentum/matrix",
    "Sign slip: the number beside the place before the last is +momentum instead of -momentum.",
)
def momentum_matrix1(lr, momentum, curvature):
    return np.array([[1 + momentum - lr * curvature, momentum], [1.0, 0.0]])


@wrong("momentum/read-off", "The gradient is taken one place too early, at the place before the present one.")
def read_off1(path):
    new = path[2:] - path[1:-1]
    old = path[1:-1] - path[:-2]
    place = path[:-2]
    mu, minus_q = np.linalg.lstsq(np.stack([old, place], axis=1), new, rcond=None)[0]
    return -minus_q, mu


@wrong("momentum/limit", "The smallest curvature decides instead of the largest.")
def stable_limit1(momentum, curvatures):
    return 2 * (1 + momentum) / np.min(curvatures)


@wrong("momentum/tuned", "Returns the root of mu: the ratio is not squared at the end.")
def tuned1(flattest, steepest):
    low, high = np.sqrt(flattest), np.sqrt(steepest)
    lr = 4 / (low + high) ** 2
    mu = (high - low) / (high + low)
    return lr, mu
