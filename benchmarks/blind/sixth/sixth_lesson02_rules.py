"""Lesson 02: one mistake each."""

import numpy as np
from blind_collection import wrong


@wrong(
    "momentum/ball",
    "The friction enters without its h: the denominators are m + c instead of m + c h. (The example with h = 1 comes out right.)",
)
def from_ball1(mass, friction, h):
    below = mass + friction
    return h**2 / below, mass / below


@wrong("momentum/update", "Keeps an average instead of a sum: the gradient gets the factor 1 - mu.")
class Momentum3:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr = lr
        self.momentum = momentum
        self.v = {}

    def update(self, params, grads):
        for k in params:
            if k not in self.v:
                self.v[k] = np.zeros_like(params[k])
            self.v[k] = self.momentum * self.v[k] + (1 - self.momentum) * grads[k]
            params[k] -= self.lr * self.v[k]


@wrong(
    "momentum/update",
    "Moves by the old velocity and changes the velocity afterwards: every step comes one call late.",
)
class Momentum4:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr = lr
        self.momentum = momentum
        self.v = {}

    def update(self, params, grads):
        for k in params:
            v = self.v.get(k, np.zeros_like(params[k]))
            params[k] += v
            self.v[k] = self.momentum * v - self.lr * grads[k]


@wrong("momentum/update", "Half a rule: what is kept is the last -lr*g, not the whole last displacement.")
class Momentum5:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr = lr
        self.momentum = momentum
        self.v = {}

    def update(self, params, grads):
        for k in params:
            old = self.v.get(k, 0.0)
            params[k] += -self.lr * grads[k] + self.momentum * old
            self.v[k] = -self.lr * grads[k]


@wrong("momentum/matrix", "The minus before mu is lost in the first row.")
def momentum_matrix9(lr, momentum, curvature):
    return np.array([[1 + momentum - lr * curvature, momentum], [1, 0]])


@wrong(
    "momentum/read-off", "Takes the gradient at the place before, theta_(t-1), instead of the present one."
)
def read_off10(path):
    d = np.diff(path)
    # d[t+1] = mu d[t] - q path[t]
    A = np.column_stack([d[:-1], -path[:-2]])
    mu, q = np.linalg.lstsq(A, d[1:], rcond=None)[0]
    return q, mu


@wrong("momentum/limit", "Sign slip from the wrong end of the circle: 2(1 - mu) instead of 2(1 + mu).")
def stable_limit13(momentum, curvatures):
    return 2 * (1 - momentum) / np.max(curvatures)


@wrong("momentum/tuned", "Returns the root of mu, the factor per step, in place of mu.")
def tuned15(flattest, steepest):
    a, b = np.sqrt(flattest), np.sqrt(steepest)
    lr = (2 / (a + b)) ** 2
    momentum = (b - a) / (b + a)
    return lr, momentum
