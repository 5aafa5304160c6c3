"""Two independent slips in each answer, lesson 06 of the tenth blind set."""

import numpy as np
from blind_collection import wrong


@wrong("adam/update", "v is corrected with beta1 in place of beta2.", "eps stands under the root.")
class Adam_06_d1:
    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.t, self.m, self.v = 0, {}, {}

    def update(self, params, grads):
        self.t += 1
        correction = 1 - self.beta1**self.t
        for key, g in grads.items():
            self.m[key] = self.beta1 * self.m.get(key, 0) + (1 - self.beta1) * g
            self.v[key] = self.beta2 * self.v.get(key, 0) + (1 - self.beta2) * g * g
            m_hat, v_hat = self.m[key] / correction, self.v[key] / correction
            params[key] = params[key] - self.lr * m_hat / np.sqrt(v_hat + self.eps)


@wrong(
    "adam/longest-step",
    "The weights are not divided by their sums: t only says how many terms there are.",
    "The root at the end is missing: this is the square of the bound.",
)
def longest_step_06_d2(beta1, beta2, t):
    k = np.arange(t)
    p = (1 - beta1) * beta1**k
    q = (1 - beta2) * beta2**k
    return float(np.sum(p**2 / q))
