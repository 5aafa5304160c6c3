"""Lesson 06: right answers in unusual ways."""

from collections import defaultdict
from fractions import Fraction

import numpy as np
from blind_collection import right


@right("adam/weight-sum", "recursion that halves t")
def weight_sum2(beta, t):
    def total(n):
        if n == 0:
            return 0.0
        if n % 2:
            return (1 - beta) + beta * total(n - 1)
        return total(n // 2) * (1 + beta ** (n // 2))

    return total(t)


@right("adam/update", "m + (1 − β₁)(g − m), defaultdicts, the corrections moved into η and ε as in (5)")
class Adam3:
    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.t, self.m, self.v = 0, defaultdict(float), defaultdict(float)

    def update(self, params, grads):
        self.t = self.t + 1
        c1, root_c2 = 1 - self.beta1**self.t, (1 - self.beta2**self.t) ** 0.5
        for name, g in grads.items():
            self.m[name] = self.m[name] + (1 - self.beta1) * (g - self.m[name])
            self.v[name] = self.v[name] + (1 - self.beta2) * (g * g - self.v[name])
            step = root_c2 / c1 * self.m[name] / (np.sqrt(self.v[name]) + root_c2 * self.eps)
            params[name] = params[name] - self.lr * step


@right("adam/longest-step", "Horner's scheme for the series in β₁²/β₂, constants outside")
def longest_step3(beta1, beta2, t):
    ratio, series = beta1 * beta1 / beta2, 0.0
    for _ in range(t):
        series = 1.0 + ratio * series
    scale = (1 - beta1) / (1 - beta1**t)
    return scale * (series * (1 - beta2**t) / (1 - beta2)) ** 0.5


growth4 = right("adam/worst-growth", "an exact fraction")(Fraction(99, 80))
