"""Two mistakes each, for lesson 06."""

import numpy as np
from blind_collection import wrong


@wrong("adam/update", "v is not corrected.", "ε stands under the root.")
class AdamTwo_06_a:
    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.t, self.m, self.v = 0, {}, {}

    def update(self, params, grads):
        self.t += 1
        for k in params:
            self.m[k] = self.beta1 * self.m.get(k, 0.0) + (1 - self.beta1) * grads[k]
            self.v[k] = self.beta2 * self.v.get(k, 0.0) + (1 - self.beta2) * grads[k] ** 2
            m_hat = self.m[k] / (1 - self.beta1**self.t)
            params[k] = params[k] - self.lr * m_hat / np.sqrt(self.v[k] + self.eps)


@wrong(
    "adam/uncorrected", "The exponents are t + 1 in place of t.", "The root of the denominator is missing."
)
def uncorrected_two_06_a(beta1, beta2, t):
    m = 1 - beta1 ** (t + 1)
    v = 1 - beta2 ** (t + 1)
    return m / v
