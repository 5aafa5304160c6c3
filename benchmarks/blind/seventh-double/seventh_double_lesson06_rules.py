"""Lesson 06: two mistakes each."""

import numpy as np
from blind_collection import wrong


@wrong(
    "adam/update",
    "t is raised inside the loop: once for each array instead of once a call.",
    "Epsilon stands under the root.",
)
class Adam2:
    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.t, self.m, self.v = 0, {}, {}

    def update(self, params, grads):
        for key in grads:
            self.t += 1
            g = grads[key]
            self.m[key] = self.beta1 * self.m.get(key, 0.0) + (1 - self.beta1) * g
            self.v[key] = self.beta2 * self.v.get(key, 0.0) + (1 - self.beta2) * g**2
            m_hat = self.m[key] / (1 - self.beta1**self.t)
            v_hat = self.v[key] / (1 - self.beta2**self.t)
            params[key] = params[key] - self.lr * m_hat / np.sqrt(v_hat + self.eps)


@wrong(
    "adam/uncorrected",
    "m and v have changed places in the fraction.",
    "v is not under a root.",
)
def uncorrected2(beta1, beta2, t):
    m = 1 - beta1**t
    v = 1 - beta2**t
    return v / m
