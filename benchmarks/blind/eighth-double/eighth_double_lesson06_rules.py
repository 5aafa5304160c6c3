"""Lesson 06: two mistakes each."""

import numpy as np
from blind_collection import wrong


@wrong(
    "adam/longest-step",
    "k runs from 1 to t, not from 0 to t − 1.",
    "The weights of v are not divided by their sum c₂.",
)
def longest_step_06_a(beta1, beta2, t):
    k = np.arange(1, t + 1)
    p = (1 - beta1) * beta1**k / (1 - beta1**t)
    q = (1 - beta2) * beta2**k
    return np.sqrt(np.sum(p**2 / q))


@wrong(
    "adam/update",
    "The gradient enters m with 1 − β₂, the share that belongs to v.",
    "ε stands under the root.",
)
class Adam_06_a:
    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.t, self.m, self.v = 0, {}, {}

    def update(self, params, grads):
        self.t += 1
        for k, g in grads.items():
            self.m[k] = self.beta1 * self.m.get(k, 0) + (1 - self.beta2) * g
            self.v[k] = self.beta2 * self.v.get(k, 0) + (1 - self.beta2) * g**2
            m_hat = self.m[k] / (1 - self.beta1**self.t)
            v_hat = self.v[k] / (1 - self.beta2**self.t)
            params[k] -= self.lr * m_hat / np.sqrt(v_hat + self.eps)
