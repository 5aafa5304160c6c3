"""Lesson 06: right answers in unusual ways."""

from functools import reduce

import numpy as np
from blind_collection import right


@right("adam/weight-sum", "recursion by halves: S(2n) = S(n)(1 + βⁿ)")
def weight_sum_06_a(beta, t):
    if t == 0:
        return 0.0
    if t % 2:
        return beta * weight_sum_06_a(beta, t - 1) + (1 - beta)
    half = t // 2
    return weight_sum_06_a(beta, half) * (1 + beta**half)


@right("adam/longest-step", "Horner's scheme for the sum of (β₁²/β₂)ᵏ")
def longest_step_06_a(beta1, beta2, t):
    ratio = beta1 * beta1 / beta2
    series = reduce(lambda s, _: 1 + ratio * s, range(t), 0.0)
    p0, q0 = (1 - beta1) / (1 - beta1**t), (1 - beta2) / (1 - beta2**t)
    return float(p0 * (series / q0) ** 0.5)


@right("adam/update", "averages by m += (1 − β)(g − m), the order (5) with ε̂, powers of β kept as products")
class Adam_06_a:
    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        self.lr, self.betas, self.eps = lr, (beta1, beta2), eps
        self.powers = np.ones(2)
        self.memory = {}

    def update(self, params, grads):
        self.powers = self.powers * self.betas
        c1, c2 = 1 - self.powers
        for name in params:
            g = grads[name]
            if name not in self.memory:
                self.memory[name] = [np.zeros(np.shape(g)), np.zeros(np.shape(g))]
            m, v = self.memory[name]
            m += (1 - self.betas[0]) * (g - m)
            v += (1 - self.betas[1]) * (np.square(g) - v)
            params[name] -= self.lr * np.sqrt(c2) / c1 * m / (np.sqrt(v) + self.eps * np.sqrt(c2))
