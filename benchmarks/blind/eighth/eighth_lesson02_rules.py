"""Lesson 02: one mistake each."""

import numpy as np
from blind_collection import wrong


@wrong("momentum/ball", "Multiplies the friction by h² instead of h: the h under the velocity was forgotten.")
def from_ball_02_a(mass, friction, h):
    total = mass + friction * h**2
    return h**2 / total, mass / total


@wrong(
    "momentum/read-off",
    "Takes the first recorded place for the start at rest, but the recording may begin in the middle of a run.",
)
def read_off_02_a(path):
    # at rest: x1 - x0 = -k x0
    k = (path[0] - path[1]) / path[0]
    mu = (path[2] - path[1] + k * path[1]) / (path[1] - path[0])
    return k, mu


@wrong(
    "momentum/limit",
    "Gives the rate at which the two roots meet, (1 + √μ)², not the one at which a root leaves the unit circle.",
)
def stable_limit_02_a(momentum, curvatures):
    return (1 + np.sqrt(momentum)) ** 2 / np.max(curvatures)


@wrong(
    "momentum/tuned",
    "Forgets the flattest curvature in √μ = 1 - √(ηλ): the momentum is right only if this curvature is 1.",
)
def tuned_02_a(flattest, steepest):
    lr = (2 / (np.sqrt(flattest) + np.sqrt(steepest))) ** 2
    momentum = (1 - np.sqrt(lr)) ** 2
    return lr, momentum


@wrong(
    "momentum/update",
    "The velocity starts at the first push instead of at zero, so the first push counts almost twice.",
)
class Momentum02A:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr = lr
        self.momentum = momentum
        self.v = {}

    def update(self, params, grads):
        for key in params:
            if key not in self.v:
                self.v[key] = -self.lr * grads[key]
            self.v[key] = self.momentum * self.v[key] - self.lr * grads[key]
            params[key] += self.v[key]


@wrong("momentum/update", "Multiplies by the learning rate twice: in the velocity and again in the step.")
class Momentum02B:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr = lr
        self.momentum = momentum
        self.v = {}

    def update(self, params, grads):
        for key, g in grads.items():
            v = self.v.get(key, np.zeros_like(g))
            v = self.momentum * v - self.lr * g
            params[key] += self.lr * v
            self.v[key] = v


@wrong("momentum/update", "Puts the bracket around everything: μ also shrinks the new push.")
class Momentum02C:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr = lr
        self.momentum = momentum
        self.v = {}

    def update(self, params, grads):
        for k in params:
            if k not in self.v:
                self.v[k] = np.zeros_like(params[k])
            self.v[k] = self.momentum * (self.v[k] - self.lr * grads[k])
            params[k] += self.v[k]
