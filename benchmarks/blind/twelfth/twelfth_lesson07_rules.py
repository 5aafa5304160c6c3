"""Single slips of the twelfth blind set, lesson 07: one mistake each."""

from math import comb

import numpy as np
from blind_collection import wrong


@wrong(
    "comparison/six-rules",
    "The points are not copied: the one array that moves in place stands in each row, so all rows are the end.",
)
def path_of_07_a(name, hyper, gradient, start, steps):
    theta = np.array(start, dtype=float)
    path = [theta]
    usual = {"AdaGrad": 0.01, "RMSprop": 0.001, "Adam": 0.001}
    lr = hyper.get("lr", usual.get(name, 0.01))
    mu, eps = hyper.get("momentum", 0.9), hyper.get("eps", 1e-8)
    rho, b1, b2 = hyper.get("decay", 0.9), hyper.get("beta1", 0.9), hyper.get("beta2", 0.999)
    v = np.zeros_like(theta)
    m = np.zeros_like(theta)
    for t in range(1, steps + 1):
        g = gradient(theta)
        if name == "SGD":
            step = -lr * g
        elif name == "Momentum":
            v = mu * v - lr * g
            step = v
        elif name == "Nesterov":
            old = v
            v = mu * v - lr * g
            step = -mu * old + (1 + mu) * v
        elif name == "AdaGrad":
            v = v + g**2
            step = -lr * g / (np.sqrt(v) + eps)
        elif name == "RMSprop":
            v = rho * v + (1 - rho) * g**2
            step = -lr * g / (np.sqrt(v) + eps)
        else:
            m = b1 * m + (1 - b1) * g
            v = b2 * v + (1 - b2) * g**2
            step = -lr * (m / (1 - b1**t)) / (np.sqrt(v / (1 - b2**t)) + eps)
        theta += step
        path.append(theta)
    return np.array(path)


class SGD_07_b:
    def __init__(self, lr=0.01):
        self.lr = lr

    def update(self, params, grads):
        for k in params:
            params[k] = params[k] - self.lr * grads[k]


class Momentum_07_b:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr, self.momentum, self.v = lr, momentum, {}

    def update(self, params, grads):
        for k in params:
            self.v[k] = self.momentum * self.v.get(k, 0) - self.lr * grads[k]
            params[k] = params[k] + self.v[k]


class Nesterov_07_b:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr, self.momentum, self.v = lr, momentum, {}

    def update(self, params, grads):
        for k in params:
            v0 = self.v.get(k, 0)
            self.v[k] = self.momentum * v0 - self.lr * grads[k]
            params[k] = params[k] + self.momentum * v0 + (1 + self.momentum) * self.v[k]


class AdaGrad_07_b:
    def __init__(self, lr=0.01, eps=1e-8):
        self.lr, self.eps, self.h = lr, eps, {}

    def update(self, params, grads):
        for k in params:
            self.h[k] = self.h.get(k, 0) + grads[k] ** 2
            params[k] = params[k] - self.lr * grads[k] / (np.sqrt(self.h[k]) + self.eps)


class RMSprop_07_b:
    def __init__(self, lr=0.001, decay=0.9, eps=1e-8):
        self.lr, self.decay, self.eps, self.h = lr, decay, eps, {}

    def update(self, params, grads):
        for k in params:
            self.h[k] = self.decay * self.h.get(k, 0) + (1 - self.decay) * grads[k] ** 2
            params[k] = params[k] - self.lr * grads[k] / (np.sqrt(self.h[k]) + self.eps)


class Adam_07_b:
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


RULES_07_b = {
    "SGD": SGD_07_b,
    "Momentum": Momentum_07_b,
    "Nesterov": Nesterov_07_b,
    "AdaGrad": AdaGrad_07_b,
    "RMSprop": RMSprop_07_b,
    "Adam": Adam_07_b,
}


def walk_07_b(rule, gradient, start, steps):
    params = {"theta": np.array(start, dtype=float)}
    path = [params["theta"].copy()]
    for _ in range(steps):
        rule.update(params, {"theta": gradient(params["theta"])})
        path.append(params["theta"].copy())
    return np.array(path)


@wrong("comparison/six-rules", "Nesterov adds μ times the old velocity where the table subtracts it.")
def path_of_07_b(name, hyper, gradient, start, steps):
    return walk_07_b(RULES_07_b[name](**hyper), gradient, start, steps)


@wrong("comparison/by-chance", "range ends before seeds: winning all seeds is not counted.")
def by_chance_07_c(wins, seeds):
    ways = sum(comb(seeds, k) for k in range(wins, seeds))
    return min(1.0, 2 * ways / 2**seeds)


@wrong(
    "comparison/same-path",
    "ε is multiplied by c², as the averages of squares are, but it stands beside their root.",
)
def same_path_07_d(name, hyper, c):
    new = dict(hyper)
    if name in ("SGD", "Momentum", "Nesterov"):
        new["lr"] = hyper["lr"] / c
    else:
        new["eps"] = hyper["eps"] * c**2
    return new


@wrong("comparison/rotation-gap", "The angle is in radians already, and is converted from degrees once more.")
def rotation_gap_07_e(make, gradient, start, angle, steps=30):
    phi = np.deg2rad(angle)
    Q = np.array([[np.cos(phi), -np.sin(phi)], [np.sin(phi), np.cos(phi)]])
    start = np.array(start, dtype=float)
    path = walk_07_b(make(), gradient, start, steps)
    turned = walk_07_b(make(), lambda theta: Q @ gradient(Q.T @ theta), Q @ start, steps)
    back = turned @ Q
    return np.abs(back - path).max() / np.abs(path - path[0]).max()


@wrong("comparison/all-pairs", "The variance is squared, as if it were a standard deviation.")
def all_pairs_07_f(z, mean, variance):
    loss = np.mean((z - mean) ** 2) + variance**2
    slope = 2 * (z - mean) / len(z)
    return loss, slope


@wrong("comparison/logit-loss", "The slope forgets the weight w of the target 1; the loss has it.")
def logit_loss_07_g(z, t, weight=1.0):
    tail = np.log1p(np.exp(-np.abs(z)))
    minus_log_s = np.maximum(-z, 0) + tail
    minus_log_1_s = np.maximum(z, 0) + tail
    loss = np.mean(weight * t * minus_log_s + (1 - t) * minus_log_1_s)
    s = np.exp(-minus_log_s)
    return loss, (s - t) / z.shape[0]
