"""Lesson 06: two mistakes each."""

import numpy as np
from blind_collection import wrong


@wrong("adam/update", "m gets the whole gradient, without 1 − β₁.", "v is not corrected.")
class Adam_06_a:
    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.t, self.m, self.v = 0, {}, {}

    def update(self, params, grads):
        self.t += 1
        for name in params:
            g = grads[name]
            self.m[name] = self.beta1 * self.m.get(name, 0) + g
            self.v[name] = self.beta2 * self.v.get(name, 0) + (1 - self.beta2) * g**2
            m_hat = self.m[name] / (1 - self.beta1**self.t)
            params[name] = params[name] - self.lr * m_hat / (np.sqrt(self.v[name]) + self.eps)


@wrong("adam/longest-step", "Gives the square of the bound.", "Counts t + 1 gradients in place of t.")
def longest_step_06_a(beta1, beta2, t):
    k = np.arange(t + 1)
    p = beta1**k / np.sum(beta1**k)
    q = beta2**k / np.sum(beta2**k)
    return np.sum(p**2 / q)
