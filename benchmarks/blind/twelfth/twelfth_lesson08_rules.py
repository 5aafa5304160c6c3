"""Single slips of the twelfth blind set, lesson 08: one mistake each."""

import math

import numpy as np
from blind_collection import wrong


@wrong(
    "practice/adamw",
    "The decay takes its share of the parameter after Adam's step, not of the one before the call.",
)
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
            mh = self.m[k] / (1 - self.beta1**self.t)
            vh = self.v[k] / (1 - self.beta2**self.t)
            params[k] = params[k] - self.lr * mh / (np.sqrt(vh) + self.eps)
            params[k] = params[k] - self.lr * self.weight_decay * params[k]


@wrong("practice/adamw", "The decay has the wrong sign: parameters grow by the share ηw.")
class AdamW_08_b:
    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.weight_decay = weight_decay
        self.t, self.m, self.v = 0, {}, {}

    def update(self, params, grads):
        self.t += 1
        c1 = 1 - self.beta1**self.t
        c2 = 1 - self.beta2**self.t
        for k in params:
            p, g = params[k], grads[k]
            self.m[k] = self.beta1 * self.m.get(k, 0.0) + (1 - self.beta1) * g
            self.v[k] = self.beta2 * self.v.get(k, 0.0) + (1 - self.beta2) * g**2
            step = (self.m[k] / c1) / (np.sqrt(self.v[k] / c2) + self.eps)
            params[k] = p - self.lr * (step - self.weight_decay * p)


@wrong("practice/best-next", "The next mean square lacks the noise term η²σ².")
def best_next_08_c(a, curvature, sigma):
    lr = curvature * a / (curvature**2 * a + sigma**2)
    return lr, (1 - lr * curvature) ** 2 * a


@wrong(
    "practice/effective", "The weights are those of the average without correction: they do not sum to one."
)
def effective_08_d(beta, t):
    p = (1 - beta) * beta ** np.arange(t)
    return 1 / np.sum(p**2)


@wrong(
    "practice/schedule", "The cosine counts from call 0 instead of from the end of the warm-up: t / total."
)
def schedule_08_e(t, lr, warmup, total):
    if t <= warmup:
        return lr * t / warmup
    return lr * (1 + math.cos(math.pi * t / total)) / 2


@wrong("practice/clip", "Always scaled to the limit: gradients shorter than it are made longer.")
def clip_08_f(grads, limit):
    norm = np.sqrt(sum(np.sum(g**2) for g in grads.values()))
    return {k: g * (limit / (norm + 1e-300)) for k, g in grads.items()}


@wrong("practice/rest", "The walls of the box are put at ±w, they are at ±1/w.")
def rest_08_g(curvature, minimum, weight_decay):
    plain = curvature * minimum / (curvature + weight_decay)
    sign = float(np.clip(minimum, -weight_decay, weight_decay))
    return {"plain": plain, "sign": sign}
