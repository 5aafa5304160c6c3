"""Double mistakes of the twelfth blind set, lesson 06: two each."""

import numpy as np
from blind_collection import wrong


@wrong(
    "adam/update",
    "ε stands under the root.",
    "m adds the whole gradient, without the factor 1 − β₁.",
)
class Adam_d06_a:
    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.t, self.m, self.v = 0, {}, {}

    def update(self, params, grads):
        self.t += 1
        for k in params.keys():
            g = grads[k]
            self.m[k] = self.beta1 * self.m.get(k, 0) + g
            self.v[k] = self.beta2 * self.v.get(k, 0) + (1 - self.beta2) * g**2
            mhat = self.m[k] / (1 - self.beta1**self.t)
            vhat = self.v[k] / (1 - self.beta2**self.t)
            params[k] = params[k] - self.lr * mhat / np.sqrt(vhat + self.eps)


@wrong(
    "adam/uncorrected",
    "β₁ and β₂ have changed places.",
    "The root of the denominator is missing.",
)
def uncorrected_d06_b(beta1, beta2, t):
    m = 1 - beta2**t
    v = 1 - beta1**t
    return m / v
