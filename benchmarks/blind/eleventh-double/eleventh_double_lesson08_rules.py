"""Two mistakes each, for lesson 08."""

import numpy as np
from blind_collection import wrong


@wrong(
    "practice/adamw",
    "The decay is put into the gradient, so m and v see it (L2 under Adam).",
    "ε stands under the root.",
)
class AdamWTwo_08_a:
    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.weight_decay = weight_decay
        self.t, self.m, self.v = 0, {}, {}

    def update(self, params, grads):
        self.t += 1
        for k in params:
            g = grads[k] + self.weight_decay * params[k]
            self.m[k] = self.beta1 * self.m.get(k, 0.0) + (1 - self.beta1) * g
            self.v[k] = self.beta2 * self.v.get(k, 0.0) + (1 - self.beta2) * g**2
            m_hat = self.m[k] / (1 - self.beta1**self.t)
            v_hat = self.v[k] / (1 - self.beta2**self.t)
            params[k] = params[k] - self.lr * m_hat / np.sqrt(v_hat + self.eps)


@wrong(
    "practice/schedule",
    "The warm-up counts calls from 0: call 1 has η = 0 and call `warmup` has lr (warmup − 1)/warmup.",
    "The half before 1 + cos is missing: the cosine starts at 2 lr.",
)
def schedule_two_08_a(t, lr, warmup, total):
    if t <= warmup:
        return lr * (t - 1) / warmup
    share = (t - warmup) / (total - warmup)
    return lr * (1 + np.cos(np.pi * share))
