"""Lesson 06: one mistake each."""

import numpy as np
from blind_collection import wrong


@wrong(
    "adam/uncorrected",
    "Upside down: this is the factor that the corrections put on, not what is left without them.",
)
def uncorrected_06_a(beta1, beta2, t):
    return np.sqrt(1 - beta2**t) / (1 - beta1**t)


@wrong("adam/longest-step", "The ratio of the geometric series is β₁/β₂: β₁ is not squared.")
def longest_step_06_a(beta1, beta2, t):
    c1, c2 = 1 - beta1**t, 1 - beta2**t
    k = np.arange(t)
    series = np.sum((beta1 / beta2) ** k)
    return (1 - beta1) / c1 * np.sqrt(c2 / (1 - beta2) * series)


value_06_a = wrong(
    "adam/worst-growth",
    "Takes g proportional to p/√q (that is a alone): a root of β₂ is left, √β₂/β₁ in place of β₂/β₁.",
)(0.99**0.5 / 0.8)


@wrong("adam/eps-hat", "Divides by √c₂ where it must multiply.")
def eps_hat_06_a(eps, beta2, t):
    return eps / np.sqrt(1 - beta2**t)


@wrong("adam/update", "v is corrected with β₁, too.")
class Adam_06_a:
    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.t, self.m, self.v = 0, {}, {}

    def update(self, params, grads):
        self.t += 1
        for k, g in grads.items():
            self.m[k] = self.beta1 * self.m.get(k, 0) + (1 - self.beta1) * g
            self.v[k] = self.beta2 * self.v.get(k, 0) + (1 - self.beta2) * g**2
            m_hat = self.m[k] / (1 - self.beta1**self.t)
            v_hat = self.v[k] / (1 - self.beta1**self.t)
            params[k] -= self.lr * m_hat / (np.sqrt(v_hat) + self.eps)


@wrong("adam/update", "Takes the root of v and divides by c₂ afterwards: √v/c₂ instead of √(v/c₂).")
class Adam_06_b:
    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.t, self.m, self.v = 0, {}, {}

    def update(self, params, grads):
        self.t = self.t + 1
        for key in params:
            g = grads[key]
            if key not in self.m:
                self.m[key] = np.zeros_like(g)
                self.v[key] = np.zeros_like(g)
            self.m[key] = self.beta1 * self.m[key] + (1 - self.beta1) * g
            self.v[key] = self.beta2 * self.v[key] + (1 - self.beta2) * g * g
            m_hat = self.m[key] / (1 - self.beta1**self.t)
            root = np.sqrt(self.v[key]) / (1 - self.beta2**self.t)
            params[key] -= self.lr * m_hat / (root + self.eps)
