"""Lesson 08: one mistake each."""

import numpy as np
from blind_collection import wrong


@wrong("practice/best-next", "The noise enters the next mean square with η in place of η².")
def best_next_08_a(a, curvature, sigma):
    lr = curvature * a / (curvature**2 * a + sigma**2)
    return lr, (1 - lr * curvature) ** 2 * a + lr * sigma**2


@wrong("practice/adamw", "The decay is added to m̂ and so divided by √v̂.")
class AdamW_08_a:
    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.weight_decay = weight_decay
        self.t, self.m, self.v = 0, {}, {}

    def update(self, params, grads):
        self.t += 1
        for k, g in grads.items():
            self.m[k] = self.beta1 * self.m.get(k, 0.0) + (1 - self.beta1) * g
            self.v[k] = self.beta2 * self.v.get(k, 0.0) + (1 - self.beta2) * g * g
            m_hat = self.m[k] / (1 - self.beta1**self.t)
            v_hat = self.v[k] / (1 - self.beta2**self.t)
            direction = m_hat + self.weight_decay * params[k]
            params[k] = params[k] - self.lr * direction / (np.sqrt(v_hat) + self.eps)


@wrong(
    "practice/effective",
    "The weights (1 − β) β^k are not divided by their sum: the average is not corrected.",
)
def effective_08_a(beta, t):
    p = (1 - beta) * beta ** np.arange(t)
    return 1 / np.sum(p**2)


@wrong(
    "practice/schedule",
    "The cosine's progress is t / total in place of the share of the calls after the warm-up.",
)
def schedule_08_a(t, lr, warmup, total):
    if t <= warmup:
        return lr * t / warmup
    return lr * (1 + np.cos(np.pi * t / total)) / 2


@wrong("practice/clip", "The global norm is the sum of the arrays' norms.")
def clip_08_a(grads, limit):
    norm = 0.0
    for g in grads.values():
        norm += np.sqrt(np.sum(g**2))
    factor = limit / norm if norm > limit else 1.0
    return {key: factor * g for key, g in grads.items()}


@wrong("practice/rest", "Only the positive wall of the box is kept: a minimum below −1/w is not held back.")
def rest_08_a(curvature, minimum, weight_decay):
    plain = curvature * minimum / (curvature + weight_decay)
    wall = 1 / weight_decay if weight_decay else np.inf
    return {"plain": plain, "sign": min(minimum, wall)}
