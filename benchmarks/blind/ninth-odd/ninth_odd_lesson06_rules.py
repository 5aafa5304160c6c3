"""Lesson 06: wrong in an odd way."""

import numpy as np
from blind_collection import wrong


@wrong("adam/weight-sum", "Yields in place of returning: the result is a generator.")
def weight_sum_06_a(beta, t):
    total = 0.0
    for k in range(t):
        total += (1 - beta) * beta**k
    yield total


@wrong("adam/update", "A return inside the loop: only the first key is updated.")
class Adam_06_a:
    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.t, self.m, self.v = 0, {}, {}

    def update(self, params, grads):
        self.t += 1
        for key in params:
            g = grads[key]
            self.m[key] = self.beta1 * self.m.get(key, 0) + (1 - self.beta1) * g
            self.v[key] = self.beta2 * self.v.get(key, 0) + (1 - self.beta2) * g**2
            m_hat = self.m[key] / (1 - self.beta1**self.t)
            v_hat = self.v[key] / (1 - self.beta2**self.t)
            params[key] = params[key] - self.lr * m_hat / (np.sqrt(v_hat) + self.eps)
            return params


wrong("adam/worst-growth", "The right factor, but as text in place of a number.")("0.99 / 0.8 = 1.2375")
