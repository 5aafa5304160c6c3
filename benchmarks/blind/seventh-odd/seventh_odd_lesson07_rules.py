"""Lesson 07: odd answers."""

from math import comb

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
            self.v[k] = self.momentum * self.v.get(k, 0) - self.lr * grads[k]
            params[k] += self.v[k]


class Nesterov:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr, self.momentum, self.v = lr, momentum, {}

    def update(self, params, grads):
        for k in params:
            v0 = self.v.get(k, 0)
            self.v[k] = self.momentum * v0 - self.lr * grads[k]
            params[k] += -self.momentum * v0 + (1 + self.momentum) * self.v[k]


class AdaGrad:
    def __init__(self, lr=0.01, eps=1e-8):
        self.lr, self.eps, self.h = lr, eps, {}

    def update(self, params, grads):
        for k in params:
            self.h[k] = self.h.get(k, 0) + grads[k] ** 2
            params[k] -= self.lr * grads[k] / (np.sqrt(self.h[k]) + self.eps)


class RMSprop:
    def __init__(self, lr=0.001, decay=0.9, eps=1e-8):
        self.lr, self.decay, self.eps, self.h = lr, decay, eps, {}

    def update(self, params, grads):
        for k in params:
            self.h[k] = self.decay * self.h.get(k, 0) + (1 - self.decay) * grads[k] ** 2
            params[k] -= self.lr * grads[k] / (np.sqrt(self.h[k]) + self.eps)


class Adam:
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


RULES = {rule.__name__: rule for rule in (SGD, Momentum, Nesterov, AdaGrad, RMSprop, Adam)}


def walk(rule, gradient, start, steps):
    params = {"theta": np.array(start, dtype=float)}
    path = [params["theta"]]
    for _ in range(steps):
        rule.update(params, {"theta": gradient(params["theta"])})
        path.append(params["theta"])
    return np.array(path)


@wrong(
    "comparison/six-rules",
    "walk keeps the same array again and again without a copy: every row of the path is the end.",
)
def path_of3(name, hyper, gradient, start, steps):
    return walk(RULES[name](**hyper), gradient, start, steps)


@wrong("comparison/by-chance", "Gives percent, not a chance between 0 and 1.")
def by_chance3(wins, seeds):
    p = min(1, 2 * sum(comb(seeds, k) for k in range(wins, seeds + 1)) / 2**seeds)
    return round(100 * p, 2)


@wrong(
    "comparison/logit-loss",
    "Code from a blog: computes s and clips it to 1e-7 … 1 - 1e-7, so the loss of large logits is finite but wrong.",
)
def logit_loss3(z, t, weight=1.0):
    z = np.clip(z, -500, 500)
    s = 1.0 / (1.0 + np.exp(-z))
    s = np.clip(s, 1e-7, 1 - 1e-7)
    loss = -(weight * t * np.log(s) + (1 - t) * np.log(1 - s)).mean()
    dz = (-weight * t * (1 - s) + (1 - t) * s) / t.shape[0]
    return float(loss), dz
