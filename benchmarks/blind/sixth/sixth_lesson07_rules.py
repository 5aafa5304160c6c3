"""Lesson 07: one mistake each."""

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
    "walk keeps the array itself instead of a copy: every row of the path is the last point.",
)
def path_of1(name, hyper, gradient, start, steps):
    rule = RULES[name](**hyper)
    theta = np.array(start, dtype=float)
    params, path = {"theta": theta}, [theta]
    for _ in range(steps):
        rule.update(params, {"theta": gradient(params["theta"])})
        path.append(params["theta"])
    return np.array(path)


@wrong(
    "comparison/by-chance",
    "One-sided: only the chance that one given rule wins so often, half of what is asked.",
)
def by_chance4(wins, seeds):
    return sum(comb(seeds, k) for k in range(wins, seeds + 1)) / 2**seeds


@wrong("comparison/same-path", "lr is multiplied by c for SGD, Momentum and Nesterov instead of divided.")
def same_path7(name, hyper, c):
    new = dict(hyper)
    if name in ("SGD", "Momentum", "Nesterov"):
        new["lr"] = hyper["lr"] * c
    else:
        new["eps"] = hyper["eps"] * c
    return new


@wrong(
    "comparison/rotation-gap",
    "Q and its transpose are exchanged in the turned gradient: it is Q^T grad f(Q theta), while the start is turned by Q.",
)
def rotation_gap9(make, gradient, start, angle, steps=30):
    Q = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    path = good_walk(make(), gradient, start, steps)
    turned = good_walk(make(), lambda theta: Q.T @ gradient(Q @ theta), Q @ np.array(start), steps)
    return apart(path, turned @ Q)


@wrong("comparison/all-pairs", "The slope is not divided by n.")
def all_pairs11(z, mean, variance):
    loss = np.mean((z - mean) ** 2) + variance
    return loss, 2 * (z - mean)


@wrong("comparison/logit-loss", "The slope forgets the weight: it is (s - t)/n for every weight.")
def logit_loss12(z, t, weight=1.0):
    def softplus(x):
        return np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))

    loss = np.mean(weight * t * softplus(-z) + (1 - t) * softplus(z))
    e = np.exp(-np.abs(z))
    s = np.where(z >= 0, 1 / (1 + e), e / (1 + e))
    return loss, (s - t) / len(z)
