"""Lesson 07: one mistake each."""

from math import comb

import numpy as np
from blind_collection import wrong


class SGD:
    def __init__(self, lr=0.01):
        self.lr = lr

    def update(self, params, grads):
        for k in params:
            params[k] = params[k] - self.lr * grads[k]


class Momentum:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr, self.momentum, self.v = lr, momentum, {}

    def update(self, params, grads):
        for k in params:
            self.v[k] = self.momentum * self.v.get(k, 0) - self.lr * grads[k]
            params[k] = params[k] + self.v[k]


class Nesterov:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr, self.momentum, self.v = lr, momentum, {}

    def update(self, params, grads):
        for k in params:
            self.v[k] = self.momentum * self.v.get(k, 0) - self.lr * grads[k]
            params[k] = params[k] - self.momentum * self.v[k] + (1 + self.momentum) * self.v[k]


class AdaGrad:
    def __init__(self, lr=0.01, eps=1e-8):
        self.lr, self.eps, self.h = lr, eps, {}

    def update(self, params, grads):
        for k in params:
            self.h[k] = self.h.get(k, 0) + grads[k] ** 2
            params[k] = params[k] - self.lr * grads[k] / (np.sqrt(self.h[k]) + self.eps)


class RMSprop:
    def __init__(self, lr=0.001, decay=0.9, eps=1e-8):
        self.lr, self.decay, self.eps, self.h = lr, decay, eps, {}

    def update(self, params, grads):
        for k in params:
            self.h[k] = self.decay * self.h.get(k, 0) + (1 - self.decay) * grads[k] ** 2
            params[k] = params[k] - self.lr * grads[k] / (np.sqrt(self.h[k]) + self.eps)


class Adam:
    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.t, self.m, self.v = 0, {}, {}

    def update(self, params, grads):
        self.t += 1
        for k in params:
            g = grads[k]
            self.m[k] = self.beta1 * self.m.get(k, 0) + (1 - self.beta1) * g
            self.v[k] = self.beta2 * self.v.get(k, 0) + (1 - self.beta2) * g**2
            m_hat = self.m[k] / (1 - self.beta1**self.t)
            v_hat = self.v[k] / (1 - self.beta2**self.t)
            params[k] = params[k] - self.lr * m_hat / (np.sqrt(v_hat) + self.eps)


RULES = {rule.__name__: rule for rule in (SGD, Momentum, Nesterov, AdaGrad, RMSprop, Adam)}


def walk(rule, gradient, start, steps):
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
    "Nesterov overwrites v before it uses the old one, so its step is v: that is Momentum.",
)
def path_of1(name, hyper, gradient, start, steps):
    return walk(RULES[name](**hyper), gradient, start, steps)


@wrong("comparison/by-chance", "Counts one of the two rules only: the factor 2 is missing.")
def by_chance1(wins, seeds):
    return sum(comb(seeds, k) for k in range(wins, seeds + 1)) / 2**seeds


@wrong(
    "comparison/by-chance",
    "At wins = seeds / 2 the draw is counted for both rules, so the chance is above 1.",
)
def by_chance2(wins, seeds):
    chance = 0
    for k in range(wins, seeds + 1):
        chance += comb(seeds, k) * 0.5**seeds
    return 2 * chance


@wrong("comparison/same-path", "The three with a division need eps times c; this divides eps by c.")
def same_path1(name, hyper, c):
    new = dict(hyper)
    if name in ["SGD", "Momentum", "Nesterov"]:
        new["lr"] = hyper["lr"] / c
    else:
        new["eps"] = hyper["eps"] / c
    return new


@wrong(
    "comparison/rotation-gap",
    "The gradient at the turned-back point is turned by Q transposed once more, not by Q.",
)
def rotation_gap1(make, gradient, start, angle, steps=30):
    c, s = np.cos(angle), np.sin(angle)
    Q = np.array([[c, -s], [s, c]])
    path = walk(make(), gradient, start, steps)
    turned = walk(make(), lambda theta: Q.T @ gradient(Q.T @ theta), Q @ np.array(start, float), steps)
    back = turned @ Q
    return apart(path, back)


@wrong("comparison/all-pairs", "The slope is not divided by the number of rows n.")
def all_pairs1(z, mean, variance):
    loss = np.mean((z - mean) ** 2) + variance
    slope = 2 * (z - mean)
    return loss, slope


@wrong("comparison/logit-loss", "The weight counts in the loss, but it was forgotten in the slope.")
def logit_loss1(z, t, weight=1.0):
    def softplus(x):
        return np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))

    loss = np.mean(weight * t * softplus(-z) + (1 - t) * softplus(z))
    s = np.exp(-softplus(-z))
    slope = (s - t) / len(z)
    return loss, slope
