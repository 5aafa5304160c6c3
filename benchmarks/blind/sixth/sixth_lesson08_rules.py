"""Lesson 08: one mistake each."""

import numpy as np
from blind_collection import wrong


@wrong("practice/best-next", "sigma is not squared in the best eta; the next a is (1) with that eta.")
def best_next1(a, curvature, sigma):
    lr = curvature * a / (curvature**2 * a + sigma)
    return lr, (1 - lr * curvature) ** 2 * a + lr**2 * sigma**2


@wrong("practice/adamw", "The decay goes into the gradient: it is Adam with an L2 penalty.")
class AdamW3:
    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.weight_decay = weight_decay
        self.t, self.m, self.v = 0, {}, {}

    def update(self, params, grads):
        self.t += 1
        for k in params:
            g = grads[k] + self.weight_decay * params[k]
            self.m[k] = self.beta1 * self.m.get(k, 0) + (1 - self.beta1) * g
            self.v[k] = self.beta2 * self.v.get(k, 0) + (1 - self.beta2) * g**2
            m_hat = self.m[k] / (1 - self.beta1**self.t)
            v_hat = self.v[k] / (1 - self.beta2**self.t)
            params[k] -= self.lr * m_hat / (np.sqrt(v_hat) + self.eps)


@wrong(
    "practice/adamw",
    "The decay is not multiplied by the learning rate: each call takes off the share w instead of eta*w.",
)
class AdamW4:
    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.weight_decay = weight_decay
        self.t, self.m, self.v = 0, {}, {}

    def update(self, params, grads):
        self.t += 1
        for k in params:
            self.m[k] = self.beta1 * self.m.get(k, 0) + (1 - self.beta1) * grads[k]
            self.v[k] = self.beta2 * self.v.get(k, 0) + (1 - self.beta2) * grads[k] ** 2
            m_hat = self.m[k] / (1 - self.beta1**self.t)
            v_hat = self.v[k] / (1 - self.beta2**self.t)
            step = self.lr * m_hat / (np.sqrt(v_hat) + self.eps)
            params[k] -= step + self.weight_decay * params[k]


@wrong(
    "practice/effective",
    "Uses the weights of the uncorrected average, (1 - beta) beta^k, which do not sum to one.",
)
def effective7(beta, t):
    p = (1 - beta) * beta ** np.arange(t)
    return 1 / np.sum(p**2)


@wrong(
    "practice/schedule",
    "The half wave is stretched over all `total` calls instead of the total - warmup calls after the warm-up: it does not reach 0.",
)
def schedule9(t, lr, warmup, total):
    if t <= warmup:
        return lr * t / warmup
    return lr * (1 + np.cos(np.pi * (t - warmup) / total)) / 2


@wrong("practice/clip", "Each array is clipped by its own norm instead of one norm for all.")
def clip12(grads, limit):
    new = {}
    for key, g in grads.items():
        norm = np.sqrt(np.sum(g**2))
        new[key] = g * (limit / norm) if norm > limit else g.copy()
    return new


@wrong(
    "practice/rest",
    "The sign rule's wall is only on the right: min(minimum, 1/w) leaves a far minimum on the negative side where it is.",
)
def rest15(curvature, minimum, weight_decay):
    plain = curvature * minimum / (curvature + weight_decay)
    wall = np.inf if weight_decay == 0 else 1 / weight_decay
    return {"plain": plain, "sign": min(minimum, wall)}
