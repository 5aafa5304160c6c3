"""Single slips of the tenth blind set, lesson 02: one mistake an answer."""

import numpy as np
from blind_collection import wrong


@wrong(
    "momentum/update",
    "The momentum is taken as the share that is lost: the old velocity is multiplied by 1 − μ.",
)
class Momentum_02_a:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr = lr
        self.momentum = momentum
        self.v = {}

    def update(self, params, grads):
        for k in params:
            if k not in self.v:
                self.v[k] = np.zeros_like(params[k])
            self.v[k] = (1 - self.momentum) * self.v[k] - self.lr * grads[k]
            params[k] += self.v[k]


@wrong(
    "momentum/update", "The push −ηg is used twice: it is in the new velocity and is subtracted once more."
)
class Momentum_02_b:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr = lr
        self.momentum = momentum
        self.v = {}

    def update(self, params, grads):
        for k, g in grads.items():
            v = self.v.get(k, np.zeros_like(g))
            v = self.momentum * v - self.lr * g
            params[k] += v - self.lr * g
            self.v[k] = v


@wrong("momentum/ball", "η has h instead of h² above the fraction's line.")
def from_ball_02_c(mass, friction, h):
    bottom = mass + friction * h
    return h / bottom, mass / bottom


@wrong("momentum/matrix", "The columns belong to (θ_{t−1}, θ_t): their order is the other way round.")
def momentum_matrix_02_d(lr, momentum, curvature):
    return np.array([[-momentum, 1 + momentum - lr * curvature], [0.0, 1.0]])


@wrong("momentum/read-off", "The gradient's place is one too early: θ_{t−1} stands where θ_t belongs.")
def read_off_02_e(path):
    v = np.diff(path)
    # v[t+1] = mu * v[t] - q * theta
    A = np.column_stack([v[:-1], -path[:-2]])
    (mu, q), *_ = np.linalg.lstsq(A, v[1:], rcond=None)
    return q, mu


@wrong(
    "momentum/limit",
    "2/(1 − μ) instead of 2(1 + μ): the sum of the fading velocities is taken for the limit.",
)
def stable_limit_02_f(momentum, curvatures):
    return 2 / ((1 - momentum) * np.max(curvatures))


@wrong("momentum/tuned", "μ is the root of the right one: the last square is missing.")
def tuned_02_g(flattest, steepest):
    a, b = np.sqrt(flattest), np.sqrt(steepest)
    lr = (2 / (a + b)) ** 2
    momentum = (b - a) / (b + a)
    return lr, momentum
