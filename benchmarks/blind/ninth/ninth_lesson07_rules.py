"""Lesson 07: one mistake each."""

from math import comb

import numpy as np
from blind_collection import wrong


@wrong("comparison/six-rules", "The path holds the same array again and again: points are not copied.")
def path_of_07_a(name, hyper, gradient, start, steps):
    lr, mu = hyper.get("lr", 0.001 if name in ("RMSprop", "Adam") else 0.01), hyper.get("momentum", 0.9)
    rho, eps = hyper.get("decay", 0.9), hyper.get("eps", 1e-8)
    b1, b2 = hyper.get("beta1", 0.9), hyper.get("beta2", 0.999)
    theta = np.array(start, dtype=float)
    v, h, m = np.zeros_like(theta), np.zeros_like(theta), np.zeros_like(theta)
    path = [theta]
    for t in range(1, steps + 1):
        g = gradient(theta)
        if name == "SGD":
            step = -lr * g
        elif name == "Momentum":
            v = mu * v - lr * g
            step = v
        elif name == "Nesterov":
            v0 = v
            v = mu * v0 - lr * g
            step = -mu * v0 + (1 + mu) * v
        elif name == "AdaGrad":
            h = h + g**2
            step = -lr * g / (np.sqrt(h) + eps)
        elif name == "RMSprop":
            h = rho * h + (1 - rho) * g**2
            step = -lr * g / (np.sqrt(h) + eps)
        else:
            m = b1 * m + (1 - b1) * g
            v = b2 * v + (1 - b2) * g**2
            step = -lr * (m / (1 - b1**t)) / (np.sqrt(v / (1 - b2**t)) + eps)
        theta += step
        path.append(theta)
    return np.array(path)


@wrong("comparison/six-rules", "Nesterov overwrites the old velocity first, so its step is Momentum's.")
def path_of_07_b(name, hyper, gradient, start, steps):
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

    class Nesterov(Momentum):
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
                self.m[k] = self.beta1 * self.m.get(k, 0) + (1 - self.beta1) * grads[k]
                self.v[k] = self.beta2 * self.v.get(k, 0) + (1 - self.beta2) * grads[k] ** 2
                m_hat = self.m[k] / (1 - self.beta1**self.t)
                v_hat = self.v[k] / (1 - self.beta2**self.t)
                params[k] = params[k] - self.lr * m_hat / (np.sqrt(v_hat) + self.eps)

    rules = {rule.__name__: rule for rule in (SGD, Momentum, Nesterov, AdaGrad, RMSprop, Adam)}
    rule = rules[name](**hyper)
    params = {"theta": np.array(start, dtype=float)}
    path = [params["theta"].copy()]
    for _ in range(steps):
        rule.update(params, {"theta": gradient(params["theta"])})
        path.append(params["theta"].copy())
    return np.array(path)


@wrong("comparison/by-chance", "Counts more than `wins` in place of at least `wins`.")
def by_chance_07_a(wins, seeds):
    ways = sum(comb(seeds, k) for k in range(wins + 1, seeds + 1))
    return min(1.0, 2 * ways / 2**seeds)


@wrong("comparison/same-path", "ε is multiplied by c², because h becomes c² h.")
def same_path_07_a(name, hyper, c):
    new = dict(hyper)
    if name in ("SGD", "Momentum", "Nesterov"):
        new["lr"] = hyper["lr"] / c
    elif "eps" in hyper:
        new["eps"] = hyper["eps"] * c**2
    return new


@wrong(
    "comparison/rotation-gap", "The gradient is taken at the point turned back, but not turned forward again."
)
def rotation_gap_07_a(make, gradient, start, angle, steps=30):
    Q = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])

    def run(slope, begin):
        rule, params = make(), {"theta": np.array(begin, dtype=float)}
        points = [params["theta"].copy()]
        for _ in range(steps):
            rule.update(params, {"theta": slope(params["theta"])})
            points.append(params["theta"].copy())
        return np.array(points)

    path = run(gradient, start)
    turned = run(lambda theta: gradient(Q.T @ theta), Q @ np.array(start, dtype=float))
    back = turned @ Q
    return np.abs(back - path).max() / np.abs(path - path[0]).max()


@wrong("comparison/all-pairs", "The spread of z is taken around its own mean, not around the targets' mean.")
def all_pairs_07_a(z, mean, variance):
    n = len(z)
    loss = np.var(z) + variance
    return loss, 2 * (z - mean) / n


@wrong("comparison/logit-loss", "The weight is in the loss, but not in the slope.")
def logit_loss_07_a(z, t, weight=1.0):
    tail = np.log1p(np.exp(-np.abs(z)))
    minus_ln_s = np.maximum(-z, 0) + tail
    minus_ln_1_s = np.maximum(z, 0) + tail
    loss = np.mean(weight * t * minus_ln_s + (1 - t) * minus_ln_1_s)
    s = np.exp(-minus_ln_s)
    return loss, (s - t) / len(z)
