"""Double mistakes of the twelfth blind set, lesson 05: two each."""

import numpy as np
from blind_collection import wrong


@wrong(
    "graves/update",
    "Divided by the variance plus ε, without the root.",
    "The velocity is an average: the new step counts only 1 − μ.",
)
class RMSpropGraves_d05_a:
    def __init__(self, lr=1e-4, decay=0.95, momentum=0.9, eps=1e-4):
        self.lr, self.decay, self.momentum, self.eps = lr, decay, momentum, eps
        self.n, self.a, self.d = {}, {}, {}

    def update(self, params, grads):
        for k, g in grads.items():
            self.n[k] = self.decay * self.n.get(k, 0) + (1 - self.decay) * g**2
            self.a[k] = self.decay * self.a.get(k, 0) + (1 - self.decay) * g
            var = self.n[k] - self.a[k] ** 2
            step = self.lr * g / (var + self.eps)
            self.d[k] = self.momentum * self.d.get(k, 0) - (1 - self.momentum) * step
            params[k] = params[k] + self.d[k]


@wrong(
    "rmsprop/decay-for",
    "held itself is taken to shrink, not its distance from usual.",
    "One call too many is counted.",
)
def decay_for_d05_b(held, usual, calls):
    n = calls + 1
    return np.exp(np.log(usual / held) / n)
