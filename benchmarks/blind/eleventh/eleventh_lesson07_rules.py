"""Single slips for lesson 07, one mistake a function."""

from math import comb

import numpy as np
from blind_collection import wrong


class _Sgd:
    def __init__(self, lr=0.01):
        self.lr = lr

    def update(self, params, grads):
        for k in params:
            params[k] -= self.lr * grads[k]


class _Momentum:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr, self.momentum, self.v = lr, momentum, {}

    def update(self, params, grads):
        for k in params:
            self.v[k] = self.momentum * self.v.get(k, 0.0) - self.lr * grads[k]
            params[k] += self.v[k]


class _Nesterov(_Momentum):
    def update(self, params, grads):
        for k in params:
            old = self.v.get(k, 0.0)
            self.v[k] = self.momentum * old - self.lr * grads[k]
            params[k] += -self.momentum * old + (1 + self.momentum) * self.v[k]


class _NesterovNoMu(_Momentum):
    def update(self, params, grads):
        for k in params:
            old = self.v.get(k, 0.0)
            self.v[k] = self.momentum * old - self.lr * grads[k]
            params[k] += -old + (1 + self.momentum) * self.v[k]


class _AdaGrad:
    def __init__(self, lr=0.01, eps=1e-8):
        self.lr, self.eps, self.h = lr, eps, {}

    def update(self, params, grads):
        for k in params:
            self.h[k] = self.h.get(k, 0.0) + grads[k] ** 2
            params[k] -= self.lr * grads[k] / (np.sqrt(self.h[k]) + self.eps)


class _RMSprop:
    def __init__(self, lr=0.001, decay=0.9, eps=1e-8):
        self.lr, self.decay, self.eps, self.h = lr, decay, eps, {}

    def update(self, params, grads):
        for k in params:
            self.h[k] = self.decay * self.h.get(k, 0.0) + (1 - self.decay) * grads[k] ** 2
            params[k] -= self.lr * grads[k] / (np.sqrt(self.h[k]) + self.eps)


class _Adam:
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


_RULES = {
    "SGD": _Sgd,
    "Momentum": _Momentum,
    "Nesterov": _Nesterov,
    "AdaGrad": _AdaGrad,
    "RMSprop": _RMSprop,
    "Adam": _Adam,
}


def _walk(rule, gradient, start, steps):
    params = {"theta": np.array(start, dtype=float)}
    path = [params["theta"].copy()]
    for _ in range(steps):
        rule.update(params, {"theta": gradient(params["theta"])})
        path.append(params["theta"].copy())
    return np.array(path)


def _apart(path, other):
    return np.abs(other - path).max() / np.abs(path - path[0]).max()


@wrong(
    "comparison/six-rules",
    "walk keeps the array itself and not a copy: every row of the path is the last point.",
)
def path_of_07_a(name, hyper, gradient, start, steps):
    rule = _RULES[name](**hyper)
    params = {"theta": np.array(start, dtype=float)}
    path = [params["theta"]]
    for _ in range(steps):
        rule.update(params, {"theta": gradient(params["theta"])})
        path.append(params["theta"])
    return np.array(path)


@wrong("comparison/six-rules", "Nesterov's step is −v₀ + (1 + μ)v: the μ before the old velocity is missing.")
def path_of_07_b(name, hyper, gradient, start, steps):
    rules = dict(_RULES, Nesterov=_NesterovNoMu)
    return _walk(rules[name](**hyper), gradient, start, steps)


@wrong("comparison/by-chance", "The chance of exactly `wins`, not of at least `wins`.")
def by_chance_07_a(wins, seeds):
    ways = sum(comb(seeds, k) for k in {wins, seeds - wins})
    return ways / 2**seeds


@wrong("comparison/same-path", "ε is multiplied by c², as h and v are, and not by c.")
def same_path_07_a(name, hyper, c):
    new = dict(hyper)
    if name in ("SGD", "Momentum", "Nesterov"):
        new["lr"] = hyper["lr"] / c
    elif "eps" in hyper:
        new["eps"] = hyper["eps"] * c**2
    return new


@wrong("comparison/rotation-gap", "The angle is taken for degrees.")
def rotation_gap_07_a(make, gradient, start, angle, steps=30):
    phi = np.radians(angle)
    Q = np.array([[np.cos(phi), -np.sin(phi)], [np.sin(phi), np.cos(phi)]])
    path = _walk(make(), gradient, start, steps)
    turned = _walk(make(), lambda theta: Q @ gradient(Q.T @ theta), Q @ np.array(start, dtype=float), steps)
    return _apart(path, turned @ Q)


@wrong("comparison/all-pairs", "The variance is squared, as if it were a standard deviation.")
def all_pairs_07_a(z, mean, variance):
    loss = np.mean((z - mean) ** 2) + variance**2
    return loss, 2 * (z - mean) / len(z)


@wrong("comparison/logit-loss", "The slope forgets the weight: it is (s − t)/n for every weight.")
def logit_loss_07_a(z, t, weight=1.0):
    softplus_neg = np.maximum(-z, 0) + np.log1p(np.exp(-np.abs(z)))  # -ln s
    softplus_pos = np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z)))  # -ln(1 - s)
    loss = np.mean(weight * t * softplus_neg + (1 - t) * softplus_pos)
    s = np.exp(-softplus_neg)
    return loss, (s - t) / len(z)
