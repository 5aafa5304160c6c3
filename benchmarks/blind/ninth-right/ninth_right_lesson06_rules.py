"""Lesson 06: right, in unusual ways."""

from math import prod

import numpy as np
from blind_collection import right


@right("adam/weight-sum", "Runs the average itself on ones: what it holds is the sum of the weights.")
def weight_sum_06_a(beta, t):
    a = 0.0
    for _ in range(t):
        a = beta * a + (1 - beta) * 1.0
    return a


@right(
    "adam/update",
    "Keeps the powers of the decays as running products and both averages as rows of one array.",
)
class Adam_06_a:
    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.t, self.m, self.v = 0, {}, {}
        self.left = np.ones(2)
        self.both = {}

    def update(self, params, grads):
        beta = np.array([self.beta1, self.beta2])
        self.t += 1
        self.left = self.left * beta
        for key in reversed(list(params)):
            g = np.asarray(grads[key], dtype=float)
            column = (2,) + (1,) * g.ndim
            seen = np.stack([g, g * g])
            old = self.both.get(key, np.zeros_like(seen))
            self.both[key] = seen + beta.reshape(column) * (old - seen)
            m_hat, v_hat = self.both[key] / (1 - self.left).reshape(column)
            self.m[key], self.v[key] = self.both[key]
            params[key] = params[key] - self.lr * m_hat / (v_hat**0.5 + self.eps)


@right(
    "adam/longest-step",
    "Horner's scheme for the sum of powers of β₁²/β₂, with the normalizing factors in front.",
)
def longest_step_06_a(beta1, beta2, t):
    ratio, total = beta1**2 / beta2, 0.0
    for _ in range(t):
        total = 1 + ratio * total
    p_0 = (1 - beta1) / (1 - beta1**t)
    q_0 = (1 - beta2) / (1 - beta2**t)
    return prod([p_0, p_0, 1 / q_0, total]) ** 0.5
