"""Lesson 02: one mistake each."""

import numpy as np
from blind_collection import wrong


@wrong("momentum/ball", "The friction term keeps h² after the multiplication: m + c h² in place of m + c h.")
def from_ball_02_a(mass, friction, h):
    left = mass + friction * h**2
    return h**2 / left, mass / left


@wrong("momentum/update", "The velocity is an average: the new gradient is weighted by 1 − μ.")
class Momentum_02_b:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr = lr
        self.momentum = momentum
        self.v = {}

    def update(self, params, grads):
        for k in params:
            if k not in self.v:
                self.v[k] = np.zeros_like(params[k])
            self.v[k] = self.momentum * self.v[k] - (1 - self.momentum) * self.lr * grads[k]
            params[k] += self.v[k]


@wrong("momentum/update", "Moves by the old velocity, and changes the velocity afterwards.")
class Momentum_02_c:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr = lr
        self.momentum = momentum
        self.v = {}

    def update(self, params, grads):
        if not self.v:
            self.v = {k: np.zeros(p.shape) for k, p in params.items()}
        for k in params:
            params[k] += self.v[k]
            self.v[k] = self.momentum * self.v[k] - self.lr * grads[k]


@wrong("momentum/matrix", "The sign of −μ is lost in the second entry.")
def momentum_matrix_02_d(lr, momentum, curvature):
    return np.array([[1 + momentum - lr * curvature, momentum], [1.0, 0.0]])


@wrong("momentum/read-off", "Assumes that the recording starts at rest.")
def read_off_02_e(path):
    # from rest the first step is plain descent: θ1 = θ0 - ηλ θ0
    product = (path[0] - path[1]) / path[0]
    mu = (path[2] - path[1] + product * path[1]) / (path[1] - path[0])
    return product, mu


@wrong("momentum/limit", "At s = −1 the determinant is left out of 1 + tr + det.")
def stable_limit_02_f(momentum, curvatures):
    # s = -1: 1 + trace = 0 -> 2 + mu = lr * curvature
    return (2 + momentum) / np.max(curvatures)


@wrong("momentum/tuned", "Returns √μ in place of μ.")
def tuned_02_g(flattest, steepest):
    a, b = np.sqrt(flattest), np.sqrt(steepest)
    lr = (2 / (a + b)) ** 2
    mu = abs(1 - np.sqrt(lr) * a)
    return lr, mu
