"""Lesson 08: two mistakes each."""

import numpy as np
from blind_collection import wrong


@wrong(
    "practice/best-next",
    "The factor lambda is missing above the line of eta, and the next a leaves out the noise term.",
)
def best_next2(a, curvature, sigma):
    lr = a / (curvature**2 * a + sigma**2)
    new = (1 - lr * curvature) ** 2 * a
    return lr, new


@wrong(
    "practice/adamw",
    "The decay has the wrong sign, so that parameters grow, and t is raised once for each key.",
)
class AdamW5:
    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.weight_decay = weight_decay
        self.t, self.m, self.v = 0, {}, {}

    def update(self, params, grads):
        for k in params:
            self.t += 1
            self.m[k] = self.beta1 * self.m.get(k, 0) + (1 - self.beta1) * grads[k]
            self.v[k] = self.beta2 * self.v.get(k, 0) + (1 - self.beta2) * grads[k] ** 2
            m_hat = self.m[k] / (1 - self.beta1**self.t)
            v_hat = self.v[k] / (1 - self.beta2**self.t)
            params[k] -= self.lr * (m_hat / (np.sqrt(v_hat) + self.eps) - self.weight_decay * params[k])


@wrong(
    "practice/schedule",
    "The warm-up starts at 0 (t - 1 in place of t), and the cosine is not halved: its top is 2 lr.",
)
def schedule10(t, lr, warmup, total):
    if t <= warmup:
        return lr * (t - 1) / warmup
    return lr * (1 + np.cos(np.pi * (t - warmup) / (total - warmup)))
