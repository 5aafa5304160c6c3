"""Lesson 06: one mistake each."""

import numpy as np
from blind_collection import wrong


@wrong("adam/weight-sum", "Leaves the factor 1 − β out of each weight.")
def weight_sum_06_a(beta, t):
    return sum(beta**k for k in range(t))


@wrong("adam/update", "Stores the corrected v̂ back as v, so that it is corrected again at each call.")
class Adam_06_a:
    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.t, self.m, self.v = 0, {}, {}

    def update(self, params, grads):
        self.t += 1
        for key in params:
            g = grads[key]
            self.m[key] = self.beta1 * self.m.get(key, 0) + (1 - self.beta1) * g
            self.v[key] = self.beta2 * self.v.get(key, 0) + (1 - self.beta2) * g**2
            m_hat = self.m[key] / (1 - self.beta1**self.t)
            self.v[key] = self.v[key] / (1 - self.beta2**self.t)
            params[key] = params[key] - self.lr * m_hat / (np.sqrt(self.v[key]) + self.eps)


@wrong("adam/update", "v is corrected with β₁ (line copied from m and not changed).")
class Adam_06_b:
    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.t, self.m, self.v = 0, {}, {}

    def update(self, params, grads):
        self.t = self.t + 1
        for k in grads:
            if k not in self.m:
                self.m[k] = np.zeros_like(params[k], dtype=float)
                self.v[k] = np.zeros_like(params[k], dtype=float)
            self.m[k] = self.m[k] + (1 - self.beta1) * (grads[k] - self.m[k])
            self.v[k] = self.v[k] + (1 - self.beta2) * (grads[k] ** 2 - self.v[k])
            m_hat = self.m[k] / (1 - self.beta1**self.t)
            v_hat = self.v[k] / (1 - self.beta1**self.t)
            params[k] = params[k] - self.lr * m_hat / (np.sqrt(v_hat) + self.eps)


@wrong("adam/uncorrected", "The quotient is upside down: this is what the corrections multiply the step by.")
def uncorrected_06_a(beta1, beta2, t):
    c1, c2 = 1 - beta1**t, 1 - beta2**t
    return c2**0.5 / c1


@wrong("adam/longest-step", "Takes the weights of the uncorrected averages, which do not sum to 1.")
def longest_step_06_a(beta1, beta2, t):
    k = np.arange(t)
    p = (1 - beta1) * beta1**k
    q = (1 - beta2) * beta2**k
    return float(np.sqrt(np.sum(p**2 / q)))


# √0.99 / 0.8
wrong("adam/worst-growth", "Took g_k ∝ a_k = p_k/√q_k and forgot the second √q_k: √β₂/β₁.")(1.243735)


@wrong("adam/eps-hat", "Divides by √c₂ in place of multiplying.")
def eps_hat_06_a(eps, beta2, t):
    return eps / np.sqrt(1 - beta2**t)
