"""Lesson 05: two mistakes each."""

import numpy as np
from blind_collection import wrong


@wrong("rmsprop/variance", "δ is taken from the new a.", "a starts at the first gradient, not at zero.")
def spread_05_a(gradients, decay):
    a, v = gradients[0], 0.0
    for g in gradients:
        a = decay * a + (1 - decay) * g
        delta = g - a
        v = decay * v + decay * (1 - decay) * delta**2
    return v


@wrong("rmsprop/update", "The new square is not multiplied by 1 − ρ.", "Divides by h, not by its root.")
class RMSprop_05_a:
    def __init__(self, lr=0.001, decay=0.9, eps=1e-8):
        self.lr, self.decay, self.eps = lr, decay, eps
        self.h = {}

    def update(self, params, grads):
        for k, g in grads.items():
            self.h[k] = self.decay * self.h.get(k, 0) + g**2
            params[k] -= self.lr * g / (self.h[k] + self.eps)


@wrong(
    "graves/update",
    "The variance is formed with the old a, from before this call.",
    "The velocity is multiplied by ρ, not by the momentum μ.",
)
class RMSpropGraves_05_a:
    def __init__(self, lr=1e-4, decay=0.95, momentum=0.9, eps=1e-4):
        self.lr, self.decay, self.momentum, self.eps = lr, decay, momentum, eps
        self.n, self.a, self.d = {}, {}, {}

    def update(self, params, grads):
        for k, g in grads.items():
            n, a, d = self.n.get(k, 0 * g), self.a.get(k, 0 * g), self.d.get(k, 0 * g)
            n = self.decay * n + (1 - self.decay) * g**2
            variance = np.maximum(n - a**2, 0)
            a = self.decay * a + (1 - self.decay) * g
            d = self.decay * d - self.lr * g / np.sqrt(variance + self.eps)
            params[k] += d
            self.n[k], self.a[k], self.d[k] = n, a, d
