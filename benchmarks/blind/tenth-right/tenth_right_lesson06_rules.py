"""Right answers for lesson 06 of the tenth blind set, in unusual ways."""

import math
from collections import defaultdict

import numpy as np
from blind_collection import right


@right(
    "adam/weight-sum",
    "Recursive, by halves: the weights of the older part shrink by beta at each newer call.",
)
def weight_sum_06_r1(beta, t):
    if t <= 1:
        return (1 - beta) * t
    newer = t // 2
    return weight_sum_06_r1(beta, newer) + beta**newer * weight_sum_06_r1(beta, t - newer)


@right(
    "adam/update",
    "The order of (5), with eps times the root of c2; the powers of the decays are kept as running products.",
)
class Adam_06_r2:
    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.left1 = self.left2 = 1.0
        self.m, self.v = defaultdict(float), defaultdict(float)

    def update(self, params, grads):
        self.left1 *= self.beta1
        self.left2 *= self.beta2
        root = math.sqrt(1 - self.left2)
        rate = self.lr * root / (1 - self.left1)
        for name, g in grads.items():
            self.m[name] = self.m[name] + (1 - self.beta1) * (g - self.m[name])
            self.v[name] = self.v[name] + (1 - self.beta2) * (np.square(g) - self.v[name])
            params[name] = params[name] - rate * self.m[name] / (np.sqrt(self.v[name]) + self.eps * root)


@right("adam/uncorrected", "The two averages are run for t calls.")
def uncorrected_06_r3(beta1, beta2, t):
    state, keep = np.zeros(2), np.array([beta1, beta2])
    for _ in range(t):
        state += (1 - keep) * (1 - state)
    return state[0] / state[1] ** 0.5


@right("adam/longest-step", "The geometric sum by Horner's scheme, the factors pulled out.")
def longest_step_06_r4(beta1, beta2, t):
    ratio, total = beta1 * beta1 / beta2, 0.0
    for _ in range(t):
        total = 1 + ratio * total
    front = (1 - beta1) / (1 - beta1**t)
    return front * math.sqrt((1 - beta2**t) / (1 - beta2) * total)
