"""Single slips of the twelfth blind set, lesson 06: one mistake each."""

import numpy as np
from blind_collection import wrong


@wrong("adam/update", "v is corrected with β₁, copied from the line above: 1 − β₁ᵗ instead of 1 − β₂ᵗ.")
class Adam_06_a:
    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.t, self.m, self.v = 0, {}, {}

    def update(self, params, grads):
        self.t += 1
        for k in params:
            if k not in self.m:
                self.m[k] = np.zeros_like(params[k])
                self.v[k] = np.zeros_like(params[k])
            self.m[k] = self.beta1 * self.m[k] + (1 - self.beta1) * grads[k]
            self.v[k] = self.beta2 * self.v[k] + (1 - self.beta2) * grads[k] ** 2
            m_hat = self.m[k] / (1 - self.beta1**self.t)
            v_hat = self.v[k] / (1 - self.beta1**self.t)
            params[k] = params[k] - self.lr * m_hat / (np.sqrt(v_hat) + self.eps)


@wrong(
    "adam/update",
    "The corrected averages are written back into m and v, so the next call starts from corrected ones.",
)
class Adam_06_b:
    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.t, self.m, self.v = 0, {}, {}

    def update(self, params, grads):
        self.t = self.t + 1
        for name, g in grads.items():
            m = self.beta1 * self.m.get(name, 0) + (1 - self.beta1) * g
            v = self.beta2 * self.v.get(name, 0) + (1 - self.beta2) * g * g
            m = m / (1 - self.beta1**self.t)
            v = v / (1 - self.beta2**self.t)
            params[name] = params[name] - self.lr * m / (np.sqrt(v) + self.eps)
            self.m[name], self.v[name] = m, v


@wrong("adam/weight-sum", "The factor 1 − β of every weight is forgotten: the sum of β to the k alone.")
def weight_sum_06_c(beta, t):
    # geometric series
    return (1 - beta**t) / (1 - beta)


@wrong(
    "adam/uncorrected", "Upside down: the factor that corrects the step, not the step that is not corrected."
)
def uncorrected_06_d(beta1, beta2, t):
    return np.sqrt(1 - beta2**t) / (1 - beta1**t)


@wrong(
    "adam/longest-step",
    "Only the weights of m̂ are divided by their sum; the q are those of v, without its correction.",
)
def longest_step_06_e(beta1, beta2, t):
    k = np.arange(t)
    # sum of p_k^2 / q_k, with p = (1-b1) b1^k / (1-b1^t) and q = (1-b2) b2^k
    ratio = (beta1**2 / beta2) ** k
    return np.sqrt(((1 - beta1) / (1 - beta1**t)) ** 2 / (1 - beta2) * ratio.sum())


worst_growth_06_f = wrong(
    "adam/worst-growth", "The factor for the usual decays, 0.999 / 0.9, not for 0.8 and 0.99."
)(1.1100)


@wrong(
    "adam/eps-hat", "A bracket too far: (1 − β₂) to the t in place of 1 − β₂ to the t; right at t = 1 only."
)
def eps_hat_06_g(eps, beta2, t):
    c2 = (1 - beta2) ** t
    return eps * c2**0.5
