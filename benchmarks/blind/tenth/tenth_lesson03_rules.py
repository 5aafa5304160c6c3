"""Single slips of the tenth blind set, lesson 03: one mistake an answer."""

import numpy as np
from blind_collection import wrong


@wrong("nesterov/update", "The old look-ahead is added instead of undone: + μ v for − μ v.")
class Nesterov_03_a:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr = lr
        self.momentum = momentum
        self.v = {}

    def update(self, params, grads):
        for k in params:
            old = self.v.get(k, np.zeros_like(params[k]))
            new = self.momentum * old - self.lr * grads[k]
            params[k] += self.momentum * old + (1 + self.momentum) * new
            self.v[k] = new


@wrong(
    "nesterov/update", "The buffer takes (1 − μ) g instead of g: an average, in PyTorch's form of the rule."
)
class Nesterov_03_b:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr = lr
        self.momentum = momentum
        self.buf = {}

    def update(self, params, grads):
        for k, g in grads.items():
            if k not in self.buf:
                self.buf[k] = np.zeros_like(g)
            self.buf[k] = self.momentum * self.buf[k] + (1 - self.momentum) * g
            params[k] -= self.lr * (g + self.momentum * self.buf[k])


@wrong(
    "nesterov/update",
    "The last line takes the old velocity in μ v − η g, where the new one belongs: plain momentum.",
)
class Nesterov_03_c:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr = lr
        self.momentum = momentum
        self.v = {}

    def update(self, params, grads):
        for k in params:
            v_prev = self.v.setdefault(k, np.zeros_like(params[k])).copy()
            self.v[k] = self.momentum * v_prev - self.lr * grads[k]
            params[k] += self.momentum * v_prev - self.lr * grads[k]


@wrong("nesterov/look-ahead", "Looks ahead by the whole velocity, θ + v, instead of μ v.")
def look_ahead_03_d(gradient, theta, lr, momentum, steps):
    theta = theta.copy()
    v = np.zeros_like(theta)
    places = [theta]
    for _ in range(steps):
        v = momentum * v - lr * gradient(theta + v)
        theta = theta + v
        places.append(theta)
    return np.array(places)


@wrong("nesterov/limit", "Above the fraction's line 2 + μ instead of 2 + 2μ: a bracket not multiplied out.")
def stable_limit_03_e(momentum, curvatures):
    return (2 + momentum) / (1 + 2 * momentum) / np.max(curvatures)


@wrong("nesterov/critical", "Momentum's best μ of lesson 02, (1 − √q)², instead of Nesterov's.")
def critical_momentum_03_f(lr, curvature):
    q = lr * curvature
    return (1 - np.sqrt(q)) ** 2


wrong(
    "nesterov/slip",
    "Line B computes the new velocity as it should; it is line C that uses it in place of the old one.",
)("B")
