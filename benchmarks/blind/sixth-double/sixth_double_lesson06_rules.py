"""Lesson 06: two mistakes each."""

import numpy as np
from blind_collection import wrong


@wrong("adam/update", "The bias corrections are left out, and epsilon stands inside the root.")
class Adam6:
    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.t, self.m, self.v = 0, {}, {}

    def update(self, params, grads):
        self.t += 1
        for k in params:
            if k not in self.m:
                self.m[k] = np.zeros_like(params[k])
                self.v[k] = np.zeros_like(params[k])
            self.m[k] = self.beta1 * self.m[k] + (1 - self.beta1) * grads[k]
            self.v[k] = self.beta2 * self.v[k] + (1 - self.beta2) * grads[k] ** 2
            params[k] -= self.lr * self.m[k] / np.sqrt(self.v[k] + self.eps)


@wrong(
    "adam/longest-step",
    "The weights are not divided by their sums (they are those of m and v, not of the corrected averages), and the root at the end is missing.",
)
def longest_step11(beta1, beta2, t):
    total = 0.0
    for k in range(t):
        p = (1 - beta1) * beta1**k
        q = (1 - beta2) * beta2**k
        total += p**2 / q
    return total
