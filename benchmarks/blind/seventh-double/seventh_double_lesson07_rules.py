"""Lesson 07: two mistakes each."""

import numpy as np
from blind_collection import wrong


class Sgd:
    def __init__(self, lr=0.01):
        self.lr = lr

    def update(self, params, grads):
        for k, g in grads.items():
            params[k] = params[k] - self.lr * g


class Momentum:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr, self.momentum, self.v = lr, momentum, {}

    def update(self, params, grads):
        for k, g in grads.items():
            self.v[k] = self.momentum * self.v.get(k, 0) - self.lr * g
            params[k] = params[k] + self.v[k]


class Nesterov:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr, self.momentum, self.v = lr, momentum, {}

    def update(self, params, grads):
        for k, g in grads.items():
            old = self.v.get(k, 0)
            self.v[k] = self.momentum * old - self.lr * g
            params[k] = params[k] - self.momentum * old + (1 + self.momentum) * self.v[k]


class AdaGrad:
    def __init__(self, lr=0.01, eps=1e-8):
        self.lr, self.eps, self.h = lr, eps, {}

    def update(self, params, grads):
        for k, g in grads.items():
            self.h[k] = g**2
            params[k] = params[k] - self.lr * g / (np.sqrt(self.h[k]) + self.eps)


class RMSprop:
    def __init__(self, lr=0.001, decay=0.9, eps=1e-8):
        self.lr, self.decay, self.eps, self.h = lr, decay, eps, {}

    def update(self, params, grads):
        for k, g in grads.items():
            self.h[k] = self.decay * self.h.get(k, 0) + g**2
            params[k] = params[k] - self.lr * g / (np.sqrt(self.h[k]) + self.eps)


class Adam:
    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.t, self.m, self.v = 0, {}, {}

    def update(self, params, grads):
        self.t += 1
        for k, g in grads.items():
            self.m[k] = self.beta1 * self.m.get(k, 0) + (1 - self.beta1) * g
            self.v[k] = self.beta2 * self.v.get(k, 0) + (1 - self.beta2) * g**2
            m_hat = self.m[k] / (1 - self.beta1**self.t)
            v_hat = self.v[k] / (1 - self.beta2**self.t)
            params[k] = params[k] - self.lr * m_hat / (np.sqrt(v_hat) + self.eps)


RULES = {
    "SGD": Sgd,
    "Momentum": Momentum,
    "Nesterov": Nesterov,
    "AdaGrad": AdaGrad,
    "RMSprop": RMSprop,
    "Adam": Adam,
}


def walk(rule, gradient, start, steps):
    params = {"theta": np.array(start, dtype=float)}
    path = [params["theta"].copy()]
    for _ in range(steps):
        rule.update(params, {"theta": gradient(params["theta"])})
        path.append(params["theta"].copy())
    return np.array(path)


@wrong(
    "comparison/six-rules",
    "AdaGrad does not add up: h holds the newest square only.",
    "RMSprop lacks the factor 1 - decay at the new square.",
)
def path_of2(name, hyper, gradient, start, steps):
    return walk(RULES[name](**hyper), gradient, start, steps)


@wrong(
    "comparison/all-pairs",
    "The variance of the targets is missing in the loss.",
    "The factor 2 of the derivative of a square is missing in the slope.",
)
def all_pairs2(z, mean, variance):
    d = z - mean
    return (d**2).mean(), d / z.shape[0]


@wrong(
    "comparison/logit-loss",
    "The weight stands at the target 0, not at the target 1.",
    "The slope is not divided by n, although the loss is a mean.",
)
def logit_loss2(z, t, weight=1.0):
    s = np.exp(-np.logaddexp(0, -z))
    loss = np.mean(t * np.logaddexp(0, -z) + weight * (1 - t) * np.logaddexp(0, z))
    slope = -t * (1 - s) + weight * (1 - t) * s
    return loss, slope
