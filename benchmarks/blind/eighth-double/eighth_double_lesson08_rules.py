"""Lesson 08: two mistakes each."""

import numpy as np
from blind_collection import wrong


@wrong(
    "practice/schedule",
    "The rise starts at 0: it uses t − 1 in place of t.",
    "A quarter wave of the cosine, not half a wave from top to bottom.",
)
def schedule_08_a(t, lr, warmup, total):
    if t <= warmup:
        return lr * (t - 1) / warmup
    return lr * np.cos(np.pi / 2 * (t - warmup) / (total - warmup))


@wrong(
    "practice/adamw",
    "Takes off half of the share: the ½ of the penalty is cancelled by the derivative of the square.",
    "m is not corrected for its start at zero.",
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
            v_hat = self.v[k] / (1 - self.beta2**self.t)
            decay = 0.5 * self.lr * self.weight_decay * params[k]
            params[k] -= self.lr * self.m[k] / (np.sqrt(v_hat) + self.eps) + decay
