"""Single slips in the exercises of lesson 03."""

import numpy as np
from blind_collection import wrong


@wrong("nesterov/look-ahead", "Looks ahead by the whole velocity: a = theta + v, without mu.")
def look_ahead_03_a(gradient, theta, lr, momentum, steps):
    places = [theta.copy()]
    v = np.zeros_like(theta)
    for _ in range(steps):
        a = places[-1] + v
        v = momentum * v - lr * gradient(a)
        places.append(places[-1] + v)
    return np.array(places)


@wrong("nesterov/limit", "Divides by the smallest curvature, not by the largest.")
def stable_limit_03_b(momentum, curvatures):
    return (2 + 2 * momentum) / (1 + 2 * momentum) / np.min(curvatures)


@wrong("nesterov/critical", "The root of q is missing: (1 - q)/(1 + q) instead of (1 - sqrt q)/(1 + sqrt q).")
def critical_momentum_03_c(lr, curvature):
    q = lr * curvature
    return (1 - q) / (1 + q)


@wrong("nesterov/update", "The old velocity is added instead of subtracted: + mu v_t + (1 + mu) v_{t+1}.")
class Nesterov_03_d:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr = lr
        self.momentum = momentum
        self.v = {}

    def update(self, params, grads):
        mu = self.momentum
        for k in params:
            old = self.v.get(k, np.zeros_like(params[k]))
            new = mu * old - self.lr * grads[k]
            params[k] += mu * old + (1 + mu) * new
            self.v[k] = new


@wrong(
    "nesterov/update",
    "The old velocity is not copied and the velocity is changed in place, so `old` is the new one too, and it moves by v like momentum.",
)
class Nesterov_03_e:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr = lr
        self.momentum = momentum
        self.v = {}

    def update(self, params, grads):
        for k in params:
            if k not in self.v:
                self.v[k] = np.zeros_like(params[k])
            v = self.v[k]
            old = v
            v *= self.momentum
            v -= self.lr * grads[k]
            params[k] += -self.momentum * old + (1 + self.momentum) * v


@wrong("nesterov/update", "The gradient's part of the step lacks the factor 1 + mu: mu^2 v - eta g.")
class Nesterov_03_f:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr = lr
        self.momentum = momentum
        self.v = {}

    def update(self, params, grads):
        for key, g in grads.items():
            v = self.v.get(key, 0.0)
            params[key] += self.momentum**2 * v - self.lr * g
            self.v[key] = self.momentum * v - self.lr * g
