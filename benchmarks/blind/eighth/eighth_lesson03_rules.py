"""Lesson 03: one mistake each."""

import numpy as np
from blind_collection import wrong


@wrong("nesterov/look-ahead", "Looks ahead by the whole velocity, θ + v, instead of by μ v.")
def look_ahead_03_a(gradient, theta, lr, momentum, steps):
    places = [theta.copy()]
    v = np.zeros(theta.shape)
    for _ in range(steps):
        a = places[-1] + v
        v = momentum * v - lr * gradient(a)
        places.append(places[-1] + v)
    return np.array(places)


@wrong("nesterov/matrix", "A sign slip when the bracket is opened: -μ - μηλ instead of -μ + μηλ.")
def nesterov_matrix_03_a(lr, momentum, curvature):
    q = lr * curvature
    return np.array([[1 + momentum - q - momentum * q, -momentum - momentum * q], [1.0, 0.0]])


@wrong("nesterov/limit", "Takes the last curvature for the largest one; they come in any order.")
def stable_limit_03_a(momentum, curvatures):
    L = curvatures[-1]
    return (2 + 2 * momentum) / ((1 + 2 * momentum) * L)


@wrong("nesterov/critical", "The critical momentum of plain momentum, (1 - √q)², from the lesson before.")
def critical_momentum_03_a(lr, curvature):
    q = lr * curvature
    return (1 - np.sqrt(q)) ** 2


@wrong("nesterov/update", "Adds the old look-ahead μ v instead of subtracting it.")
class Nesterov03A:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr = lr
        self.momentum = momentum
        self.v = {}

    def update(self, params, grads):
        for key in params:
            old = self.v.get(key, np.zeros_like(params[key]))
            new = self.momentum * old - self.lr * grads[key]
            params[key] += (1 + self.momentum) * new + self.momentum * old
            self.v[key] = new


@wrong("nesterov/update", "Subtracts the whole old velocity: the old look-ahead was only μ times as long.")
class Nesterov03B:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr = lr
        self.momentum = momentum
        self.v = {}

    def update(self, params, grads):
        mu = self.momentum
        for key, g in grads.items():
            if key not in self.v:
                self.v[key] = np.zeros_like(g)
            v_old = self.v[key]
            v_new = mu * v_old - self.lr * g
            params[key] += (1 + mu) * v_new - v_old
            self.v[key] = v_new


@wrong(
    "nesterov/update",
    "Only exchanges the old look-ahead for the new one; the ball's own move by the new velocity is forgotten.",
)
class Nesterov03C:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr = lr
        self.momentum = momentum
        self.v = {}

    def update(self, params, grads):
        for k in params:
            before = self.v.get(k, 0.0)
            self.v[k] = self.momentum * before - self.lr * grads[k]
            params[k] += self.momentum * self.v[k] - self.momentum * before
