"""Double mistakes of the twelfth blind set, lesson 08: two each."""

import numpy as np
from blind_collection import wrong


@wrong(
    "practice/adamw",
    "The decay is not multiplied by the learning rate.",
    "v is not corrected for its start at zero.",
)
class AdamW_d08_a:
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
            m_hat = self.m[k] / (1 - self.beta1**self.t)
            adam = self.lr * m_hat / (np.sqrt(self.v[k]) + self.eps)
            params[k] = params[k] - adam - self.weight_decay * params[k]


@wrong(
    "practice/schedule",
    "The rise starts at 0: t − 1 in place of t.",
    "A quarter of a wave falls to zero, not half a wave from top to bottom.",
)
def schedule_d08_b(t, lr, warmup, total):
    if t <= warmup:
        return lr * (t - 1) / warmup
    x = (t - warmup) / (total - warmup)
    return lr * np.cos(np.pi / 2 * x)


@wrong(
    "practice/rest",
    "Plain descent's rest forgets the curvature: minimum / (1 + w).",
    "The box has only its upper wall: a minimum far below zero is not stopped.",
)
def rest_d08_c(curvature, minimum, weight_decay):
    wall = 1 / weight_decay if weight_decay > 0 else float("inf")
    return {"plain": minimum / (1 + weight_decay), "sign": min(minimum, wall)}
