"""Lesson 03: one mistake each."""

import numpy as np
from blind_collection import wrong


@wrong("nesterov/look-ahead", "Looks ahead by the whole velocity v instead of mu*v.")
def look_ahead1(gradient, theta, lr, momentum, steps):
    place = np.array(theta, dtype=float)
    v = np.zeros_like(place)
    places = [place]
    for _ in range(steps):
        a = place + v
        v = momentum * v - lr * gradient(a)
        place = place + v
        places.append(place)
    return np.array(places)


@wrong(
    "nesterov/update",
    "Writes the new velocity over the old one first, so that mu^2 v is taken with the new velocity.",
)
class Nesterov4:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr = lr
        self.momentum = momentum
        self.v = {}

    def update(self, params, grads):
        for k in params:
            v = self.v.get(k, np.zeros_like(params[k]))
            self.v[k] = self.momentum * v - self.lr * grads[k]
            params[k] += self.momentum**2 * self.v[k] - (1 + self.momentum) * self.lr * grads[k]


@wrong("nesterov/update", "It is plain momentum: params moves by the new velocity, as if it held the ball.")
class Nesterov5:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr = lr
        self.momentum = momentum
        self.v = {}

    def update(self, params, grads):
        for k in params:
            v = self.v.get(k, 0)
            v = self.momentum * v - self.lr * grads[k]
            params[k] += v
            self.v[k] = v


@wrong("nesterov/update", "Does not take the old look-ahead back: the term -mu*v_old is missing from step 4.")
class Nesterov6:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr = lr
        self.momentum = momentum
        self.v = {}

    def update(self, params, grads):
        for k in params:
            old = self.v.get(k, np.zeros_like(params[k]))
            new = self.momentum * old - self.lr * grads[k]
            params[k] += (1 + self.momentum) * new
            self.v[k] = new


@wrong(
    "nesterov/limit",
    "Uses momentum's determinant mu in place of mu(1 - q), which gives plain descent's limit 2 over the largest curvature, whatever mu is.",
)
def stable_limit9(momentum, curvatures):
    # 1 + trace + det = 1 + (1 - q)(1 + mu) + mu = 0
    q = 1 + (1 + momentum) / (1 + momentum)
    return q / np.max(curvatures)


@wrong("nesterov/critical", "Takes momentum's formula of lesson 02, (1 - sqrt q)^2.")
def critical_momentum10(lr, curvature):
    return (1 - np.sqrt(lr * curvature)) ** 2
