"""Lesson 05: one mistake each."""

import numpy as np
from blind_collection import wrong


@wrong("rmsprop/decay-for", "Lets h fall towards 0 in place of usual: h · ρ^calls = 2 · usual.")
def decay_for_05_a(held, usual, calls):
    return (2 * usual / held) ** (1 / calls)


@wrong("rmsprop/update", "At the first call h is set to g² in place of (1 − ρ) g².")
class RMSprop_05_a:
    def __init__(self, lr=0.001, decay=0.9, eps=1e-8):
        self.lr, self.decay, self.eps = lr, decay, eps
        self.h = {}

    def update(self, params, grads):
        for key in params:
            g = grads[key]
            if key not in self.h:
                self.h[key] = g**2
            else:
                self.h[key] = self.decay * self.h[key] + (1 - self.decay) * g**2
            params[key] = params[key] - self.lr * g / (np.sqrt(self.h[key]) + self.eps)


@wrong("graves/update", "ε stands outside the root, as in plain RMSprop.")
class RMSpropGraves_05_a:
    def __init__(self, lr=1e-4, decay=0.95, momentum=0.9, eps=1e-4):
        self.lr, self.decay, self.momentum, self.eps = lr, decay, momentum, eps
        self.n, self.a, self.d = {}, {}, {}

    def update(self, params, grads):
        rho = self.decay
        for key in params:
            g = grads[key]
            self.n[key] = rho * self.n.get(key, 0.0) + (1 - rho) * g**2
            self.a[key] = rho * self.a.get(key, 0.0) + (1 - rho) * g
            variance = np.maximum(self.n[key] - self.a[key] ** 2, 0)
            step = self.lr * g / (np.sqrt(variance) + self.eps)
            self.d[key] = self.momentum * self.d.get(key, 0.0) - step
            params[key] = params[key] + self.d[key]


@wrong("graves/update", "The numerator is the deviation g − a in place of g.")
class RMSpropGraves_05_b:
    def __init__(self, lr=1e-4, decay=0.95, momentum=0.9, eps=1e-4):
        self.lr, self.decay, self.momentum, self.eps = lr, decay, momentum, eps
        self.n, self.a, self.d = {}, {}, {}

    def update(self, params, grads):
        for key, g in grads.items():
            if key not in self.n:
                self.n[key] = np.zeros_like(g)
                self.a[key] = np.zeros_like(g)
                self.d[key] = np.zeros_like(g)
            self.n[key] = self.decay * self.n[key] + (1 - self.decay) * g**2
            self.a[key] = self.decay * self.a[key] + (1 - self.decay) * g
            root = np.sqrt(self.n[key] - self.a[key] ** 2 + self.eps)
            self.d[key] = self.momentum * self.d[key] - self.lr * (g - self.a[key]) / root
            params[key] = params[key] + self.d[key]


@wrong("rmsprop/variance", "δ is taken from the new a, not from the old one.")
def spread_05_a(gradients, decay):
    a = v = 0.0
    for g in gradients:
        a = a + (1 - decay) * (g - a)
        delta = g - a
        v = decay * v + decay * (1 - decay) * delta**2
    return v


@wrong("rmsprop/faults", "Tests only whether W's step depends on b, not whether b's depends on W.")
def faults_05_a(steps):
    remembers = not np.allclose(steps[0, 1], steps[1, 1])
    mixes = not np.isclose(steps[0, 0, 0], steps[2, 0, 0])
    return {"remembers": bool(remembers), "mixes": bool(mixes)}


@wrong("rmsprop/faults", "For mixing compares second calls, where the key's own gradient differs, too.")
def faults_05_b(steps):
    remembers = not np.allclose(steps[0, 1], steps[1, 1])
    w_depends = abs(steps[0, 1, 0] - steps[2, 1, 0]) > 1e-12
    b_depends = abs(steps[0, 1, 1] - steps[3, 1, 1]) > 1e-12
    return {"remembers": bool(remembers), "mixes": bool(w_depends or b_depends)}
