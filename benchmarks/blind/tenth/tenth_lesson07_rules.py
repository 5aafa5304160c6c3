"""Single slips for lesson 07 of the tenth blind set, one mistake an answer."""

from math import comb

import numpy as np
from blind_collection import wrong


class _SGD:
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
            self.v[k] = self.momentum * self.v.get(k, 0) - self.lr * grads[k]
            params[k] += self.v[k]


class _Nesterov:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr, self.momentum, self.v = lr, momentum, {}

    def update(self, params, grads):
        for k in params:
            old = self.v.get(k, 0)
            self.v[k] = self.momentum * old - self.lr * grads[k]
            params[k] += -self.momentum * old + (1 + self.momentum) * self.v[k]


class _NesterovMixedUp(_Nesterov):
    def update(self, params, grads):
        for k in params:
            old = self.v.get(k, 0)
            self.v[k] = self.momentum * old - self.lr * grads[k]
            params[k] += -self.momentum * self.v[k] + (1 + self.momentum) * old


class _AdaGrad:
    def __init__(self, lr=0.01, eps=1e-8):
        self.lr, self.eps, self.h = lr, eps, {}

    def update(self, params, grads):
        for k in params:
            self.h[k] = self.h.get(k, 0) + grads[k] ** 2
            params[k] -= self.lr * grads[k] / (np.sqrt(self.h[k]) + self.eps)


class _RMSprop:
    def __init__(self, lr=0.001, decay=0.9, eps=1e-8):
        self.lr, self.decay, self.eps, self.h = lr, decay, eps, {}

    def update(self, params, grads):
        for k in params:
            self.h[k] = self.decay * self.h.get(k, 0) + (1 - self.decay) * grads[k] ** 2
            params[k] -= self.lr * grads[k] / (np.sqrt(self.h[k]) + self.eps)


class _Adam:
    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.t, self.m, self.v = 0, {}, {}

    def update(self, params, grads):
        self.t += 1
        for k in params:
            self.m[k] = self.beta1 * self.m.get(k, 0) + (1 - self.beta1) * grads[k]
            self.v[k] = self.beta2 * self.v.get(k, 0) + (1 - self.beta2) * grads[k] ** 2
            m_hat = self.m[k] / (1 - self.beta1**self.t)
            v_hat = self.v[k] / (1 - self.beta2**self.t)
            params[k] -= self.lr * m_hat / (np.sqrt(v_hat) + self.eps)


_RULES = {
    "SGD": _SGD,
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


@wrong("comparison/six-rules", "walk takes every gradient at the start, not at the present point.")
def path_of_07_a(name, hyper, gradient, start, steps):
    rule = _RULES[name](**hyper)
    theta = np.array(start, dtype=float)
    params, path = {"theta": theta.copy()}, [theta.copy()]
    for _ in range(steps):
        rule.update(params, {"theta": gradient(theta)})
        path.append(params["theta"].copy())
    return np.array(path)


@wrong("comparison/six-rules", "Nesterov's step has the old and the new velocity in each other's place.")
def path_of_07_b(name, hyper, gradient, start, steps):
    rules = _RULES | {"Nesterov": _NesterovMixedUp}
    return _walk(rules[name](**hyper), gradient, start, steps)


@wrong("comparison/by-chance", "The sum begins at wins + 1: more than wins, not at least wins.")
def by_chance_07_a(wins, seeds):
    return min(1.0, 2 * sum(comb(seeds, k) for k in range(wins + 1, seeds + 1)) / 2**seeds)


@wrong("comparison/same-path", "eps is divided by c, not multiplied.")
def same_path_07_a(name, hyper, c):
    new = dict(hyper)
    if name in ("SGD", "Momentum", "Nesterov"):
        new["lr"] = hyper["lr"] / c
    else:
        new["eps"] = hyper["eps"] / c
    return new


@wrong("comparison/rotation-gap", "The angle, already in radians, is converted as if it were in degrees.")
def rotation_gap_07_a(make, gradient, start, angle, steps=30):
    phi = np.deg2rad(angle)
    Q = np.array([[np.cos(phi), -np.sin(phi)], [np.sin(phi), np.cos(phi)]])
    path = _walk(make(), gradient, start, steps)
    turned = _walk(make(), lambda theta: Q @ gradient(Q.T @ theta), Q @ np.array(start, dtype=float), steps)
    return _apart(path, turned @ Q)


@wrong(
    "comparison/all-pairs",
    "The loss has the square of the mean difference, not the mean of the squares: the spread of z is missing.",
)
def all_pairs_07_a(z, mean, variance):
    loss = (z.mean() - mean) ** 2 + variance
    return loss, 2 * (z - mean) / len(z)


@wrong("comparison/logit-loss", "The slope has no weight: it is that of weight 1.")
def logit_loss_07_a(z, t, weight=1.0):
    def softplus(x):
        return np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))

    loss = np.mean(weight * t * softplus(-z) + (1 - t) * softplus(z))
    s = np.exp(-softplus(-z))
    return loss, (s - t) / z.size
