"""Lesson 06: one mistake each."""

import numpy as np
from blind_collection import wrong


@wrong("adam/weight-sum", "One term too many: the ages run from 0 to t, which makes t + 1 weights.")
def weight_sum1(beta, t):
    total = 0
    for k in range(t + 1):
        total += (1 - beta) * beta**k
    return total


@wrong(
    "adam/update",
    "The corrected averages are stored, so the next call starts from them and not from the uncorrected ones.",
)
class Adam1:
    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.t, self.m, self.v = 0, {}, {}

    def update(self, params, grads):
        self.t += 1
        for key in params:
            g = grads[key]
            m = self.m.get(key, np.zeros_like(g))
            v = self.v.get(key, np.zeros_like(g))
            m = self.beta1 * m + (1 - self.beta1) * g
            v = self.beta2 * v + (1 - self.beta2) * g**2
            self.m[key] = m / (1 - self.beta1**self.t)
            self.v[key] = v / (1 - self.beta2**self.t)
            params[key] = params[key] - self.lr * self.m[key] / (np.sqrt(self.v[key]) + self.eps)


@wrong("adam/uncorrected", "The root over v is missing.")
def uncorrected1(beta1, beta2, t):
    m = 1 - beta1**t
    v = 1 - beta2**t
    return m / v


@wrong("adam/longest-step", "The weights of v-hat are not divided by 1 - beta2**t, so they do not sum to 1.")
def longest_step1(beta1, beta2, t):
    k = np.arange(t)
    p = (1 - beta1) * beta1**k / (1 - beta1**t)
    q = (1 - beta2) * beta2**k
    return np.sqrt(np.sum(p**2 / q))


growth1 = wrong("adam/worst-growth", "The inverse: the factor per call backwards, beta1 / beta2.")(0.8 / 0.99)

growth2 = wrong(
    "adam/worst-growth",
    "beta1 is squared: takes the ratio of the series for the bound, upside down, instead of beta2 / beta1.",
)(1.546875)


@wrong("adam/eps-hat", "Divides by the root of c2 where it must multiply.")
def eps_hat1(eps, beta2, t):
    c2 = 1 - beta2**t
    return eps / np.sqrt(c2)
