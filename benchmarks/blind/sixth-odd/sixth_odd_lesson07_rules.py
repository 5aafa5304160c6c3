"""Lesson 07: odd answers."""

from math import comb, factorial
import numpy as np
from blind_collection import wrong


class SGD:
    def __init__(self, lr=0.01):
        self.lr = lr

    def update(self, params, grads):
        for k in params:
            params[k] -= self.lr * grads[k]


class Momentum:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr, self.momentum, self.v = lr, momentum, {}

    def update(self, params, grads):
        for k in params:
            self.v[k] = self.momentum * self.v.get(k, 0.0) - self.lr * grads[k]
            params[k] += self.v[k]


class Nesterov:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr, self.momentum, self.v = lr, momentum, {}

    def update(self, params, grads):
        for k in params:
            old = self.v.get(k, 0.0)
            self.v[k] = self.momentum * old - self.lr * grads[k]
            params[k] += -self.momentum * old + (1 + self.momentum) * self.v[k]


class AdaGrad:
    def __init__(self, lr=0.01, eps=1e-8):
        self.lr, self.eps, self.h = lr, eps, {}

    def update(self, params, grads):
        for k in params:
            self.h[k] = self.h.get(k, 0.0) + grads[k] ** 2
            params[k] -= self.lr * grads[k] / (np.sqrt(self.h[k]) + self.eps)


class RMSprop:
    def __init__(self, lr=0.001, decay=0.9, eps=1e-8):
        self.lr, self.decay, self.eps, self.h = lr, decay, eps, {}

    def update(self, params, grads):
        for k in params:
            self.h[k] = self.decay * self.h.get(k, 0.0) + (1 - self.decay) * grads[k] ** 2
            params[k] -= self.lr * grads[k] / (np.sqrt(self.h[k]) + self.eps)


class Adam:
    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.t, self.m, self.v = 0, {}, {}

    def update(self, params, grads):
        self.t += 1
        for k in params:
            self.m[k] = self.beta1 * self.m.get(k, 0.0) + (1 - self.beta1) * grads[k]
            self.v[k] = self.beta2 * self.v.get(k, 0.0) + (1 - self.beta2) * grads[k] ** 2
            m_hat = self.m[k] / (1 - self.beta1**self.t)
            v_hat = self.v[k] / (1 - self.beta2**self.t)
            params[k] -= self.lr * m_hat / (np.sqrt(v_hat) + self.eps)


RULES = {rule.__name__: rule for rule in (SGD, Momentum, Nesterov, AdaGrad, RMSprop, Adam)}


MADE = {}


def good_walk(rule, gradient, start, steps):
    params = {"theta": np.array(start, dtype=float)}
    path = [params["theta"].copy()]
    for _ in range(steps):
        rule.update(params, {"theta": gradient(params["theta"])})
        path.append(params["theta"].copy())
    return np.array(path)


def apart(path, other):
    return np.abs(other - path).max() / np.abs(path - path[0]).max()


@wrong(
    "comparison/six-rules",
    "Each rule is made once and used again at every call: its memory and its first hyperparameters stay.",
)
def path_of2(name, hyper, gradient, start, steps):
    if name not in MADE:
        MADE[name] = RULES[name](**hyper)
    return good_walk(MADE[name], gradient, start, steps)


@wrong("comparison/by-chance", "Gives the chance in percent.")
def by_chance5(wins, seeds):
    share = 2 * sum(comb(seeds, k) for k in range(wins, seeds + 1)) / 2**seeds
    return 100 * min(1.0, share)


@wrong(
    "comparison/rotation-gap",
    "Treats the angle as degrees and converts it with np.radians: the problem is hardly turned.",
)
def rotation_gap10(make, gradient, start, angle, steps=30):
    phi = np.radians(angle)
    Q = np.array([[np.cos(phi), -np.sin(phi)], [np.sin(phi), np.cos(phi)]])
    path = good_walk(make(), gradient, start, steps)
    turned = good_walk(make(), lambda theta: Q @ gradient(Q.T @ theta), Q @ np.array(start), steps)
    return apart(path, turned @ Q)
