"""Single slips for lesson 06, one mistake a class, function or number."""

import numpy as np
from blind_collection import wrong


@wrong("adam/weight-sum", "Only the powers of β are summed: the factor 1 − β of every weight is missing.")
def weight_sum_06_a(beta, t):
    total = 0.0
    for k in range(t):
        total += beta**k
    return total


@wrong("adam/update", "The correction of m is 1 − β₁ · t: one star in place of two.")
class AdamOneStar_06_a:
    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.t, self.m, self.v = 0, {}, {}

    def update(self, params, grads):
        self.t += 1
        for k in params:
            self.m[k] = self.beta1 * self.m.get(k, 0) + (1 - self.beta1) * grads[k]
            self.v[k] = self.beta2 * self.v.get(k, 0) + (1 - self.beta2) * grads[k] ** 2
            m_hat = self.m[k] / (1 - self.beta1 * self.t)
            v_hat = self.v[k] / (1 - self.beta2**self.t)
            params[k] = params[k] - self.lr * m_hat / (np.sqrt(v_hat) + self.eps)


@wrong("adam/update", "v averages the square of m, not the square of the gradient.")
class AdamSquareOfM_06_b:
    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.t, self.m, self.v = 0, {}, {}

    def update(self, params, grads):
        self.t += 1
        for k, g in grads.items():
            m = self.m.get(k, np.zeros_like(g))
            v = self.v.get(k, np.zeros_like(g))
            m = self.beta1 * m + (1 - self.beta1) * g
            v = self.beta2 * v + (1 - self.beta2) * m**2
            self.m[k], self.v[k] = m, v
            mhat = m / (1 - self.beta1**self.t)
            vhat = v / (1 - self.beta2**self.t)
            params[k] = params[k] - self.lr * mhat / (np.sqrt(vhat) + self.eps)


@wrong(
    "adam/uncorrected",
    "Upside down: how much longer the corrected step is, not how long the uncorrected one.",
)
def uncorrected_06_a(beta1, beta2, t):
    return np.sqrt(1 - beta2**t) / (1 - beta1**t)


@wrong("adam/longest-step", "The ages run from 1 to t, not from 0 to t − 1.")
def longest_step_06_a(beta1, beta2, t):
    k = np.arange(1, t + 1)
    p = (1 - beta1) * beta1**k / (1 - beta1**t)
    q = (1 - beta2) * beta2**k / (1 - beta2**t)
    return np.sqrt(np.sum(p**2 / q))


wrong("adam/worst-growth", "β₁ is squared, as in the ratio of the bound's geometric series: β₂/β₁².")(
    0.99 / 0.8**2
)


@wrong("adam/eps-hat", "Divided by the root of c₂ in place of multiplied.")
def eps_hat_06_a(eps, beta2, t):
    c2 = 1 - beta2**t
    return eps / np.sqrt(c2)
