"""Lesson 06: right answers in unusual ways."""

import math
import numpy as np
from blind_collection import right


@right("adam/weight-sum", "Runs the average itself on ones.")
def weight_sum2(beta, t):
    a = 0.0
    for _ in range(t):
        a += (1 - beta) * (1.0 - a)
    return a


@right(
    "adam/update",
    "The paper's faster order (5), with epsilon multiplied by the root of c2, and averages moved by a share of the gap.",
)
class Adam7:
    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.t, self.m, self.v = 0, {}, {}

    def update(self, params, grads):
        self.t = self.t + 1
        c1, root = 1 - self.beta1**self.t, math.sqrt(1 - self.beta2**self.t)
        for k in reversed(list(params)):
            m = self.m.setdefault(k, np.zeros_like(params[k]))
            v = self.v.setdefault(k, np.zeros_like(params[k]))
            m += (1 - self.beta1) * (grads[k] - m)
            v += (1 - self.beta2) * (grads[k] * grads[k] - v)
            params[k] += -self.lr * root / c1 * m / (np.sqrt(v) + root * self.eps)


@right(
    "adam/longest-step",
    "Takes the worst gradients (each proportional to p_k/q_k) and measures their step; scaled so that nothing overflows.",
)
def longest_step12(beta1, beta2, t):
    k = np.arange(t)
    ratio = beta1**2 / beta2
    sum_of_p = np.sum(beta1**k)
    sum_of_q = np.sum(beta2**k)
    return float(math.sqrt(np.sum(ratio**k) * sum_of_q) / sum_of_p)
