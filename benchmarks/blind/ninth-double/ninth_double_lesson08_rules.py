"""Lesson 08: two mistakes each."""

import numpy as np
from blind_collection import wrong


@wrong("practice/adamw", "The decay is not multiplied by η.", "m is not corrected.")
class AdamW_08_a:
    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.weight_decay = weight_decay
        self.t, self.m, self.v = 0, {}, {}

    def update(self, params, grads):
        self.t += 1
        for k in params:
            g = grads[k]
            self.m[k] = self.beta1 * self.m.get(k, 0) + (1 - self.beta1) * g
            self.v[k] = self.beta2 * self.v.get(k, 0) + (1 - self.beta2) * g**2
            v_hat = self.v[k] / (1 - self.beta2**self.t)
            step = self.lr * self.m[k] / (np.sqrt(v_hat) + self.eps)
            params[k] = params[k] * (1 - self.weight_decay) - step


@wrong(
    "practice/schedule",
    "The warm-up starts at 0: (t − 1) / warmup.",
    "A quarter of a cosine wave in place of a half.",
)
def schedule_08_a(t, lr, warmup, total):
    if t <= warmup:
        return lr * (t - 1) / warmup
    progress = (t - warmup) / (total - warmup)
    return lr * np.cos(np.pi / 2 * progress)
