"""Lesson 06: one mistake each."""

import numpy as np
from blind_collection import wrong


@wrong("adam/update", "t is raised inside the loop over the keys: it counts arrays, not calls.")
class Adam3:
    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.t, self.m, self.v = 0, {}, {}

    def update(self, params, grads):
        for k in params:
            self.t += 1
            if k not in self.m:
                self.m[k] = np.zeros_like(params[k])
                self.v[k] = np.zeros_like(params[k])
            self.m[k] = self.beta1 * self.m[k] + (1 - self.beta1) * grads[k]
            self.v[k] = self.beta2 * self.v[k] + (1 - self.beta2) * grads[k] ** 2
            m_hat = self.m[k] / (1 - self.beta1**self.t)
            v_hat = self.v[k] / (1 - self.beta2**self.t)
            params[k] -= self.lr * m_hat / (np.sqrt(v_hat) + self.eps)


@wrong("adam/update", "The corrected averages are stored back, so that the next call starts from them.")
class Adam4:
    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.t, self.m, self.v = 0, {}, {}

    def update(self, params, grads):
        self.t += 1
        for k in params:
            if self.t == 1:
                self.m[k] = np.zeros_like(params[k])
                self.v[k] = np.zeros_like(params[k])
            self.m[k] = self.beta1 * self.m[k] + (1 - self.beta1) * grads[k]
            self.v[k] = self.beta2 * self.v[k] + (1 - self.beta2) * grads[k] ** 2
            self.m[k] = self.m[k] / (1 - self.beta1**self.t)
            self.v[k] = self.v[k] / (1 - self.beta2**self.t)
            params[k] -= self.lr * self.m[k] / (np.sqrt(self.v[k]) + self.eps)


@wrong("adam/update", "v is corrected with beta1 instead of beta2.")
class Adam5:
    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.t, self.m, self.v = 0, {}, {}

    def update(self, params, grads):
        self.t += 1
        for k, g in grads.items():
            self.m[k] = self.beta1 * self.m.get(k, 0) + (1 - self.beta1) * g
            self.v[k] = self.beta2 * self.v.get(k, 0) + (1 - self.beta2) * g**2
            c = 1 - self.beta1**self.t
            params[k] -= self.lr * (self.m[k] / c) / (np.sqrt(self.v[k] / c) + self.eps)


@wrong("adam/uncorrected", "Divides by the average of squares itself: the root is missing below the line.")
def uncorrected8(beta1, beta2, t):
    return (1 - beta1**t) / (1 - beta2**t)


@wrong(
    "adam/longest-step",
    "Gives the paper's bound, the larger of 1 and (1 - beta1)/sqrt(1 - beta2), which the lesson shows to be false, at every t.",
)
def longest_step10(beta1, beta2, t):
    return max(1.0, (1 - beta1) / np.sqrt(1 - beta2))


@wrong("adam/eps-hat", "Divides by the root of c2 instead of multiplying.")
def eps_hat13(eps, beta2, t):
    return eps / np.sqrt(1 - beta2**t)
