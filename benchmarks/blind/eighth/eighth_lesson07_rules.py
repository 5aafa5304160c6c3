"""Lesson 07: one mistake each."""

from math import comb

import numpy as np
from blind_collection import wrong


@wrong(
    "comparison/six-rules",
    "Nesterov's old velocity is overwritten before it is used: the step is the new v, that is plain Momentum.",
)
def path_of_07_a(name, hyper, gradient, start, steps):
    lr = hyper.get("lr", 0.001 if name in ("RMSprop", "Adam") else 0.01)
    mu, eps, rho = hyper.get("momentum", 0.9), hyper.get("eps", 1e-8), hyper.get("decay", 0.9)
    b1, b2 = hyper.get("beta1", 0.9), hyper.get("beta2", 0.999)
    theta = np.array(start, dtype=float)
    v, h, m = np.zeros_like(theta), np.zeros_like(theta), np.zeros_like(theta)
    path = [theta.copy()]
    for t in range(1, steps + 1):
        g = gradient(theta)
        if name == "SGD":
            step = -lr * g
        elif name == "Momentum":
            v = mu * v - lr * g
            step = v
        elif name == "Nesterov":
            v = mu * v - lr * g
            step = -mu * v + (1 + mu) * v
        elif name == "AdaGrad":
            h = h + g**2
            step = -lr * g / (np.sqrt(h) + eps)
        elif name == "RMSprop":
            h = rho * h + (1 - rho) * g**2
            step = -lr * g / (np.sqrt(h) + eps)
        else:
            m = b1 * m + (1 - b1) * g
            v = b2 * v + (1 - b2) * g**2
            step = -lr * m / (1 - b1**t) / (np.sqrt(v / (1 - b2**t)) + eps)
        theta = theta + step
        path.append(theta.copy())
    return np.array(path)


@wrong("comparison/by-chance", "The range ends at seeds − 1: the race that is won on every seed is left out.")
def by_chance_07_a(wins, seeds):
    total = 0
    for k in range(wins, seeds):
        total += comb(seeds, k)
    return min(1.0, 2 * total / 2**seeds)


@wrong("comparison/same-path", "ε is multiplied by c², as h is; but it stands beside the root of h.")
def same_path_07_a(name, hyper, c):
    new = dict(hyper)
    if name in ("SGD", "Momentum", "Nesterov"):
        new["lr"] = hyper["lr"] / c
    else:
        new["eps"] = hyper["eps"] * c**2
    return new


def walk_07_a(rule, gradient, start, steps):
    params = {"theta": np.array(start, dtype=float)}
    path = [params["theta"].copy()]
    for _ in range(steps):
        rule.update(params, {"theta": gradient(params["theta"])})
        path.append(params["theta"].copy())
    return np.array(path)


@wrong(
    "comparison/rotation-gap",
    "The gradient of the turned function is taken at the right place but not turned: Q is missing.",
)
def rotation_gap_07_a(make, gradient, start, angle, steps=30):
    Q = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    path = walk_07_a(make(), gradient, start, steps)
    turned = walk_07_a(make(), lambda theta: gradient(Q.T @ theta), Q @ np.array(start), steps)
    back = turned @ Q
    return np.abs(back - path).max() / np.abs(path - path[0]).max()


@wrong(
    "comparison/all-pairs",
    "The slope is divided by n², but the sum over the n targets already gives a factor n.",
)
def all_pairs_07_a(z, mean, variance):
    n = len(z)
    loss = np.mean((z - mean) ** 2) + variance
    return loss, 2 * (z - mean) / n**2


@wrong(
    "comparison/logit-loss",
    "In the slope the weight multiplies both targets' terms, not the term of target 1 alone.",
)
def logit_loss_07_a(z, t, weight=1.0):
    small = np.log1p(np.exp(-np.abs(z)))
    minus_ln_s = np.maximum(-z, 0) + small
    minus_ln_1s = np.maximum(z, 0) + small
    loss = np.mean(weight * t * minus_ln_s + (1 - t) * minus_ln_1s)
    s = np.exp(-minus_ln_s)
    return loss, weight * (s - t) / len(z)
