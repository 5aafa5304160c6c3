"""Lesson 08: one mistake each."""

import numpy as np
from blind_collection import wrong


@wrong(
    "practice/best-next", "The noise counts with sigma, not with sigma squared, in the best learning rate."
)
def best_next1(a, curvature, sigma):
    lr = curvature * a / (curvature**2 * a + sigma)
    next_a = (1 - lr * curvature) ** 2 * a + lr**2 * sigma**2
    return lr, next_a


@wrong(
    "practice/adamw",
    "The decay is taken from the parameter after Adam's step, not from what it was before the call.",
)
class AdamW1:
    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.weight_decay = weight_decay
        self.t, self.m, self.v = 0, {}, {}

    def update(self, params, grads):
        self.t += 1
        for k, g in grads.items():
            self.m[k] = self.beta1 * self.m.get(k, 0) + (1 - self.beta1) * g
            self.v[k] = self.beta2 * self.v.get(k, 0) + (1 - self.beta2) * g**2
            mhat = self.m[k] / (1 - self.beta1**self.t)
            vhat = self.v[k] / (1 - self.beta2**self.t)
            params[k] = params[k] - self.lr * mhat / (np.sqrt(vhat) + self.eps)
            params[k] = params[k] - self.lr * self.weight_decay * params[k]


@wrong(
    "practice/effective",
    "The weights are those of the uncorrected average: they are not divided by their sum 1 - beta**t.",
)
def effective1(beta, t):
    p = (1 - beta) * beta ** np.arange(t)
    return 1 / np.sum(p**2)


@wrong(
    "practice/schedule",
    "The cosine counts its calls from 0 instead of from the end of the warm-up, so it does not begin at its top.",
)
def schedule1(t, lr, warmup, total):
    if t <= warmup:
        return lr * t / warmup
    return lr * 0.5 * (1 + np.cos(np.pi * t / total))


@wrong(
    "practice/clip", "Adds the norms of the arrays; the global norm is the root of the sum of their squares."
)
def clip1(grads, limit):
    norm = sum(np.linalg.norm(g) for g in grads.values())
    if norm > limit:
        return {k: g * limit / norm for k, g in grads.items()}
    return {k: g.copy() for k, g in grads.items()}


@wrong(
    "practice/rest", "The sign rule's box has an upper wall only: a minimum far below zero is not stopped."
)
def rest1(curvature, minimum, weight_decay):
    plain = curvature * minimum / (curvature + weight_decay)
    wall = 1 / weight_decay if weight_decay > 0 else np.inf
    return {"plain": plain, "sign": min(minimum, wall)}
