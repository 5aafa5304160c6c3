"""Single slips for lesson 06 of the tenth blind set, one mistake an answer."""

import numpy as np
from blind_collection import wrong


@wrong(
    "adam/weight-sum",
    "The exponents run from 1 to t, not from 0 to t - 1: the newest value has the weight (1 - beta) beta.",
)
def weight_sum_06_a(beta, t):
    return sum((1 - beta) * beta**k for k in range(1, t + 1))


@wrong(
    "adam/update",
    "The correction of v is (1 - beta2)**t, not 1 - beta2**t: the bracket is in the wrong place.",
)
class Adam_06_a:
    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.t, self.m, self.v = 0, {}, {}

    def update(self, params, grads):
        self.t += 1
        for k in params:
            g = grads[k]
            self.m[k] = self.beta1 * self.m.get(k, np.zeros_like(g)) + (1 - self.beta1) * g
            self.v[k] = self.beta2 * self.v.get(k, np.zeros_like(g)) + (1 - self.beta2) * g**2
            m_hat = self.m[k] / (1 - self.beta1**self.t)
            v_hat = self.v[k] / (1 - self.beta2) ** self.t
            params[k] = params[k] - self.lr * m_hat / (np.sqrt(v_hat) + self.eps)


@wrong("adam/update", "v averages the square of g - m, as AdaBelief does, not the square of g.")
class Adam_06_b:
    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.t, self.m, self.v = 0, {}, {}

    def update(self, params, grads):
        if not self.m:
            self.m = {k: np.zeros_like(p) for k, p in params.items()}
            self.v = {k: np.zeros_like(p) for k, p in params.items()}
        self.t += 1
        c1, c2 = 1 - self.beta1**self.t, 1 - self.beta2**self.t
        for k in params:
            self.m[k] += (1 - self.beta1) * (grads[k] - self.m[k])
            self.v[k] += (1 - self.beta2) * ((grads[k] - self.m[k]) ** 2 - self.v[k])
            params[k] -= self.lr * (self.m[k] / c1) / (np.sqrt(self.v[k] / c2) + self.eps)


@wrong("adam/uncorrected", "The root is taken of the whole fraction, of m too.")
def uncorrected_06_a(beta1, beta2, t):
    return np.sqrt((1 - beta1**t) / (1 - beta2**t))


@wrong("adam/longest-step", "The a_k are summed, in place of the root of the sum of their squares.")
def longest_step_06_a(beta1, beta2, t):
    k = np.arange(t)
    p = (1 - beta1) * beta1**k / (1 - beta1**t)
    q = (1 - beta2) * beta2**k / (1 - beta2**t)
    return np.sum(p / np.sqrt(q))


wrong("adam/worst-growth", "The ratio of two squares a_k**2 is used: beta1 is squared.")(0.99 / 0.8**2)


@wrong("adam/eps-hat", "eps is divided by the root of the correction, not multiplied by it.")
def eps_hat_06_a(eps, beta2, t):
    c2 = 1 - beta2**t
    return eps / np.sqrt(c2)
