"""Lesson 05: two mistakes each."""

import numpy as np
from blind_collection import wrong


@wrong(
    "rmsprop/update",
    "Averages the gradient itself instead of its square, and divides without a root (by the size of that average).",
)
class RMSprop6:
    def __init__(self, lr=0.001, decay=0.9, eps=1e-8):
        self.lr, self.decay, self.eps = lr, decay, eps
        self.h = {}

    def update(self, params, grads):
        for k in params:
            h = self.h.get(k, np.zeros_like(params[k]))
            self.h[k] = self.decay * h + (1 - self.decay) * grads[k]
            params[k] -= self.lr * grads[k] / (np.abs(self.h[k]) + self.eps)


@wrong(
    "graves/update",
    "The squared mean is not subtracted (it divides by the size, not the spread), and the velocity does not remember: mu is left out.",
)
class RMSpropGraves9:
    def __init__(self, lr=1e-4, decay=0.95, momentum=0.9, eps=1e-4):
        self.lr, self.decay, self.momentum, self.eps = lr, decay, momentum, eps
        self.n, self.a, self.d = {}, {}, {}

    def update(self, params, grads):
        for k in params:
            n = self.n.get(k, np.zeros_like(params[k]))
            self.n[k] = self.decay * n + (1 - self.decay) * grads[k] ** 2
            self.d[k] = -self.lr * grads[k] / np.sqrt(self.n[k] + self.eps)
            params[k] += self.d[k]


@wrong("rmsprop/variance", "a begins at the first gradient instead of zero, and B is (1 - rho)^2.")
def spread12(gradients, decay):
    a, v = gradients[0], 0.0
    for g in gradients:
        delta = g - a
        v = decay * v + (1 - decay) ** 2 * delta**2
        a = decay * a + (1 - decay) * g
    return v
