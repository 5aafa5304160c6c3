"""Single slips for lesson 08, one mistake a class or function."""

import numpy as np
from blind_collection import wrong


@wrong("practice/best-next", "The curvature in η's denominator is not squared: λa/(λa + σ²).")
def best_next_08_a(a, curvature, sigma):
    lr = curvature * a / (curvature * a + sigma**2)
    return lr, (1 - lr * curvature) ** 2 * a + lr**2 * sigma**2


@wrong("practice/adamw", "The decay stands inside the fraction: it is divided by √v̂ + ε as m̂ is.")
class AdamWInsideFraction_08_a:
    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.weight_decay = weight_decay
        self.t, self.m, self.v = 0, {}, {}

    def update(self, params, grads):
        self.t += 1
        for k in params:
            g = grads[k]
            self.m[k] = self.beta1 * self.m.get(k, 0.0) + (1 - self.beta1) * g
            self.v[k] = self.beta2 * self.v.get(k, 0.0) + (1 - self.beta2) * g**2
            m_hat = self.m[k] / (1 - self.beta1**self.t)
            v_hat = self.v[k] / (1 - self.beta2**self.t)
            step = (m_hat + self.weight_decay * params[k]) / (np.sqrt(v_hat) + self.eps)
            params[k] = params[k] - self.lr * step


@wrong(
    "practice/adamw", "The decay is not multiplied by the learning rate: the share w is taken off, not ηw."
)
class AdamWDecayWithoutRate_08_b:
    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.weight_decay = weight_decay
        self.t, self.m, self.v = 0, {}, {}

    def update(self, params, grads):
        self.t += 1
        for k, g in grads.items():
            if k not in self.m:
                self.m[k] = np.zeros_like(g)
                self.v[k] = np.zeros_like(g)
            self.m[k] = self.m[k] + (1 - self.beta1) * (g - self.m[k])
            self.v[k] = self.v[k] + (1 - self.beta2) * (g * g - self.v[k])
            c1, c2 = 1 - self.beta1**self.t, 1 - self.beta2**self.t
            step = self.lr * (self.m[k] / c1) / (np.sqrt(self.v[k] / c2) + self.eps)
            params[k] = params[k] - step - self.weight_decay * params[k]


@wrong("practice/effective", "The weights are not corrected: they are (1 − β)β^k and do not sum to one.")
def effective_08_a(beta, t):
    p = (1 - beta) * beta ** np.arange(t)
    return 1 / np.sum(p**2)


@wrong(
    "practice/schedule",
    "The cosine's phase is t/total: it does not begin at its top at the end of the warm-up.",
)
def schedule_08_a(t, lr, warmup, total):
    if t <= warmup:
        return lr * t / warmup
    return lr * (1 + np.cos(np.pi * t / total)) / 2


@wrong("practice/clip", "The norm is the largest absolute entry, not the length of the long vector.")
def clip_08_a(grads, limit):
    norm = max(np.abs(g).max() for g in grads.values())
    if norm <= limit:
        return {k: g.copy() for k, g in grads.items()}
    return {k: g * limit / norm for k, g in grads.items()}


@wrong(
    "practice/rest", "The sign rule is always sent to the wall ±1/w, also if the minimum is inside the box."
)
def rest_08_a(curvature, minimum, weight_decay):
    plain = curvature * minimum / (curvature + weight_decay)
    if weight_decay == 0:
        return {"plain": plain, "sign": minimum}
    return {"plain": plain, "sign": np.sign(minimum) / weight_decay}
