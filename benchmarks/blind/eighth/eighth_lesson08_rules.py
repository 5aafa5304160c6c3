"""Lesson 08: one mistake each."""

import numpy as np
from blind_collection import wrong


@wrong("practice/best-next", "The inner derivative −λ of (1 − ηλ)² is forgotten, so η is a/(λa + σ²).")
def best_next_08_a(a, curvature, sigma):
    lr = a / (curvature * a + sigma**2)
    return lr, (1 - lr * curvature) ** 2 * a + lr**2 * sigma**2


@wrong(
    "practice/effective", "The weights are those of the average without correction: they do not sum to one."
)
def effective_08_a(beta, t):
    p = (1 - beta) * beta ** np.arange(t)
    return 1 / np.sum(p**2)


@wrong(
    "practice/schedule",
    "The calls after the warm-up are divided by total, not by total − warmup: the cosine does not reach 0.",
)
def schedule_08_a(t, lr, warmup, total):
    if t < warmup:
        return lr * t / warmup
    return lr * 0.5 * (1 + np.cos(np.pi * (t - warmup) / total))


@wrong(
    "practice/clip",
    "Adds the norms of the arrays, not their squares: that is not the norm of one long vector.",
)
def clip_08_a(grads, limit):
    norm = sum(np.linalg.norm(g) for g in grads.values())
    if norm <= limit:
        return {k: g.copy() for k, g in grads.items()}
    return {k: g * limit / norm for k, g in grads.items()}


@wrong("practice/rest", "The curvature gets into the box, λ/w: the sign rule does not see the slope's size.")
def rest_08_a(curvature, minimum, weight_decay):
    plain = curvature * minimum / (curvature + weight_decay)
    wall = curvature / weight_decay if weight_decay else np.inf
    return {"plain": plain, "sign": float(np.clip(minimum, -wall, wall))}


@wrong("practice/adamw", "The decay is not multiplied by the learning rate.")
class AdamW_08_a:
    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.weight_decay = weight_decay
        self.t, self.m, self.v = 0, {}, {}

    def update(self, params, grads):
        self.t += 1
        for k, g in grads.items():
            self.m[k] = self.beta1 * self.m.get(k, 0) + (1 - self.beta1) * g
            self.v[k] = self.beta2 * self.v.get(k, 0) + (1 - self.beta2) * g**2
            m_hat = self.m[k] / (1 - self.beta1**self.t)
            v_hat = self.v[k] / (1 - self.beta2**self.t)
            params[k] -= self.lr * m_hat / (np.sqrt(v_hat) + self.eps) + self.weight_decay * params[k]


@wrong(
    "practice/adamw",
    "The share is taken off after Adam's step, so it is a share of the new parameter, not of the old one.",
)
class AdamW_08_b:
    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.weight_decay = weight_decay
        self.t, self.m, self.v = 0, {}, {}

    def update(self, params, grads):
        self.t += 1
        for key in params:
            g = grads[key]
            self.m.setdefault(key, np.zeros_like(g))
            self.v.setdefault(key, np.zeros_like(g))
            self.m[key] = self.beta1 * self.m[key] + (1 - self.beta1) * g
            self.v[key] = self.beta2 * self.v[key] + (1 - self.beta2) * g**2
            m_hat = self.m[key] / (1 - self.beta1**self.t)
            v_hat = self.v[key] / (1 - self.beta2**self.t)
            params[key] -= self.lr * m_hat / (np.sqrt(v_hat) + self.eps)
            params[key] *= 1 - self.lr * self.weight_decay
