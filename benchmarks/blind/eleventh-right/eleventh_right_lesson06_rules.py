"""Right answers in unusual ways, for lesson 06."""

import numpy as np
from blind_collection import right


@right("adam/weight-sum", "Runs the average itself on ones: it ends at the sum of its weights.")
def weight_sum_06_a(beta, t):
    a = 0.0
    for _ in range(t):
        a += (1 - beta) * (1 - a)
    return a


@right(
    "adam/update", "No power of t: the two sums of weights are averages of ones, and c₂ stands in η and in ε."
)
class AdamWithoutPowers_06_a:
    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.c1 = self.c2 = 0.0
        self.state = {}

    def update(self, params, grads):
        self.c1 = self.beta1 * self.c1 + (1 - self.beta1)
        self.c2 = self.beta2 * self.c2 + (1 - self.beta2)
        root = self.c2**0.5
        for key, g in grads.items():
            m, v = self.state.setdefault(key, (0.0, 0.0))
            m = m - (1 - self.beta1) * (m - g)
            v = v - (1 - self.beta2) * (v - g * g)
            self.state[key] = m, v
            params[key] -= self.lr * root / self.c1 * m / (np.sqrt(v) + self.eps * root)


@right(
    "adam/longest-step", "The sum of p²/q by Horner's scheme in β₁²/β₂, with all factors in front; no array."
)
def longest_step_06_a(beta1, beta2, t):
    ratio, total = beta1 * beta1 / beta2, 0.0
    for _ in range(t):
        total = 1.0 + ratio * total
    front_m = (1 - beta1) / (1 - beta1**t)
    front_v = (1 - beta2) / (1 - beta2**t)
    return front_m * (total / front_v) ** 0.5


@right(
    "adam/eps-hat", "c₂ as the weights themselves, and its root as the length of the vector of their roots."
)
def eps_hat_06_a(eps, beta2, t):
    weights = [(1 - beta2) * beta2**k for k in range(t)]
    return eps * np.linalg.norm(np.sqrt(weights))
