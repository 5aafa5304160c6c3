"""Lesson 05: right answers in unusual ways."""

import numpy as np
from blind_collection import right


@right(
    "graves/update",
    "Keeps the variance itself by section 7's recursion in n's place; no difference of squares is taken.",
)
class RMSpropGraves10:
    def __init__(self, lr=1e-4, decay=0.95, momentum=0.9, eps=1e-4):
        self.lr, self.decay, self.momentum, self.eps = lr, decay, momentum, eps
        self.n, self.a, self.d = {}, {}, {}

    def update(self, params, grads):
        rho = self.decay
        for k in params:
            zero = np.zeros_like(params[k])
            a, variance, d = self.a.get(k, zero), self.n.get(k, zero), self.d.get(k, zero)
            delta = grads[k] - a
            variance = rho * (variance + (1 - rho) * delta**2)
            d = self.momentum * d - self.lr * grads[k] * (variance + self.eps) ** -0.5
            self.a[k], self.n[k], self.d[k] = a + (1 - rho) * delta, variance, d
            params[k] += d


@right("rmsprop/variance", "Product of the deviations from the old and from the new average, Welford's way.")
def spread13(gradients, decay):
    mean, variance = 0.0, 0.0
    for g in gradients:
        before = g - mean
        mean += (1 - decay) * before
        after = g - mean
        variance = decay * variance + (1 - decay) * before * after
    return float(variance)


@right("rmsprop/faults", "A list of pairs to compare for each question, any() over them, and bool().")
def faults16(steps):
    questions = {
        "mixes": [((0, 0, 0), (2, 0, 0)), ((0, 0, 1), (3, 0, 1))],
        "remembers": [((0, 1, 0), (1, 1, 0)), ((0, 1, 1), (1, 1, 1))],
    }
    return {
        name: any(bool(abs(steps[p] - steps[q]) > 1e-9 * (abs(steps[p]) + abs(steps[q]))) for p, q in pairs)
        for name, pairs in questions.items()
    }
