"""Lesson 03: one mistake each."""

import numpy as np
from blind_collection import wrong


@wrong("nesterov/look-ahead", "The look-ahead point is theta + v: the factor mu is lost there.")
def look_ahead1(gradient, theta, lr, momentum, steps):
    v = np.zeros_like(theta, dtype=float)
    places = [np.array(theta, dtype=float)]
    for _ in range(steps):
        a = places[-1] + v
        v = momentum * v - lr * gradient(a)
        places.append(places[-1] + v)
    return np.array(places)


@wrong(
    "nesterov/update", "Undoes the old look-ahead by the whole old velocity: the factor mu is missing there."
)
class Nesterov1:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr = lr
        self.momentum = momentum
        self.v = {}

    def update(self, params, grads):
        for k in params:
            old = self.v.get(k, np.zeros_like(params[k]))
            new = self.momentum * old - self.lr * grads[k]
            params[k] += -old + (1 + self.momentum) * new
            self.v[k] = new


@wrong(
    "nesterov/matrix",
    "The second number is that of plain momentum: the factor 1 - eta lambda is missing on -mu.",
)
def nesterov_matrix1(lr, momentum, curvature):
    q = lr * curvature
    M = np.zeros((2, 2))
    M[0, 0] = (1 + momentum) * (1 - q)
    M[0, 1] = -momentum
    M[1, 0] = 1
    return M


@wrong("nesterov/limit", "This is formula (9), the limit of the published slip, not that of the right rule.")
def nesterov_limit1(momentum, curvatures):
    L = max(curvatures)
    return (2 + 2 * momentum) / ((1 + 2 * momentum + 2 * momentum**2) * L)


slipped_line1 = wrong(
    "nesterov/slip", "Names the line of the velocity, which is right; the wrong velocity is used in line C."
)("B")


@wrong("nesterov/critical", "The formula of lesson 02 for momentum, (1 - sqrt q) squared.")
def critical_momentum1(lr, curvature):
    return (1 - np.sqrt(lr * curvature)) ** 2
