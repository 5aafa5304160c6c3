"""Lesson 05: one mistake each."""

import numpy as np
from blind_collection import wrong


@wrong("rmsprop/decay-for", "Lets h fall towards zero, not towards usual: the new squares are left out.")
def decay_for_05_a(held, usual, calls):
    return (2 * usual / held) ** (1 / calls)


@wrong(
    "rmsprop/variance",
    "Sign slip when squaring the new a: B is (1 − ρ) + (1 − ρ)² instead of (1 − ρ) − (1 − ρ)².",
)
def spread_05_a(gradients, decay):
    v = a = 0.0
    new = 1 - decay
    for g in gradients:
        delta = g - a
        a = a + new * delta
        v = decay * v + (new + new**2) * delta**2
    return v


@wrong(
    "rmsprop/faults",
    "Joins the two directions of mixing with `and`: a rule that mixes in one direction only is missed.",
)
def faults_05_a(steps):
    remembers = bool(np.any(steps[0, 1] != steps[1, 1]))
    w_on_b = steps[0, 0, 0] != steps[2, 0, 0]
    b_on_w = steps[0, 0, 1] != steps[3, 0, 1]
    return {"remembers": remembers, "mixes": bool(w_on_b and b_on_w)}


@wrong("rmsprop/update", "The two shares are swapped: the old average gets 1 − ρ, the new square ρ.")
class RMSprop_05_a:
    def __init__(self, lr=0.001, decay=0.9, eps=1e-8):
        self.lr, self.decay, self.eps = lr, decay, eps
        self.h = {}

    def update(self, params, grads):
        for key in params:
            if key not in self.h:
                self.h[key] = np.zeros_like(params[key])
            self.h[key] = (1 - self.decay) * self.h[key] + self.decay * grads[key] ** 2
            params[key] -= self.lr * grads[key] / (np.sqrt(self.h[key]) + self.eps)


@wrong("rmsprop/update", "ε stands under the root, as in Graves' rule.")
class RMSprop_05_b:
    def __init__(self, lr=0.001, decay=0.9, eps=1e-8):
        self.lr, self.decay, self.eps = lr, decay, eps
        self.h = {}

    def update(self, params, grads):
        for k, g in grads.items():
            self.h[k] = self.decay * self.h.get(k, 0) + (1 - self.decay) * g * g
            params[k] -= self.lr * g / np.sqrt(self.h[k] + self.eps)


@wrong("rmsprop/update", "h starts at the first square, not at zero.")
class RMSprop_05_c:
    def __init__(self, lr=0.001, decay=0.9, eps=1e-8):
        self.lr, self.decay, self.eps = lr, decay, eps
        self.h = {}

    def update(self, params, grads):
        for k in grads:
            g2 = grads[k] ** 2
            if k in self.h:
                self.h[k] = self.decay * self.h[k] + (1 - self.decay) * g2
            else:
                self.h[k] = g2
            params[k] -= self.lr * grads[k] / (np.sqrt(self.h[k]) + self.eps)


@wrong("graves/update", "The numerator is the average gradient a; it should stay g.")
class RMSpropGraves_05_a:
    def __init__(self, lr=1e-4, decay=0.95, momentum=0.9, eps=1e-4):
        self.lr, self.decay, self.momentum, self.eps = lr, decay, momentum, eps
        self.n, self.a, self.d = {}, {}, {}

    def update(self, params, grads):
        rho = self.decay
        for k, g in grads.items():
            self.n[k] = rho * self.n.get(k, 0.0) + (1 - rho) * g**2
            self.a[k] = rho * self.a.get(k, 0.0) + (1 - rho) * g
            root = np.sqrt(self.n[k] - self.a[k] ** 2 + self.eps)
            self.d[k] = self.momentum * self.d.get(k, 0.0) - self.lr * self.a[k] / root
            params[k] += self.d[k]


@wrong("graves/update", "Subtracts a from n, not a squared (and takes its size so that the root exists).")
class RMSpropGraves_05_b:
    def __init__(self, lr=1e-4, decay=0.95, momentum=0.9, eps=1e-4):
        self.lr, self.decay, self.momentum, self.eps = lr, decay, momentum, eps
        self.n, self.a, self.d = {}, {}, {}

    def update(self, params, grads):
        for k in params:
            g = grads[k]
            if k not in self.n:
                self.n[k], self.a[k], self.d[k] = np.zeros_like(g), np.zeros_like(g), np.zeros_like(g)
            self.n[k] = self.decay * self.n[k] + (1 - self.decay) * g**2
            self.a[k] = self.decay * self.a[k] + (1 - self.decay) * g
            self.d[k] = self.momentum * self.d[k] - self.lr * g / np.sqrt(
                np.abs(self.n[k] - self.a[k]) + self.eps
            )
            params[k] += self.d[k]
