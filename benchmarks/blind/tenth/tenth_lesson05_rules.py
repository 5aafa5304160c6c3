"""Single slips for lesson 05 of the tenth blind set, one mistake an answer."""

import numpy as np
from blind_collection import wrong


@wrong("rmsprop/decay-for", "The logarithm is taken to base 10, but exp undoes a natural one.")
def decay_for_05_a(held, usual, calls):
    # (held - usual) * rho**calls = usual
    log_rho = np.log10(usual / (held - usual)) / calls
    return np.exp(log_rho)


@wrong(
    "rmsprop/decay-for",
    "h is taken to fall towards 0 instead of towards usual: held is not reduced by usual.",
)
def decay_for_05_b(held, usual, calls):
    return (2 * usual / held) ** (1 / calls)


@wrong("rmsprop/variance", "delta is measured from the new average: a is updated before delta is taken.")
def spread_05_a(gradients, decay):
    a = v = 0.0
    for g in gradients:
        a = a + (1 - decay) * (g - a)
        delta = g - a
        v = decay * v + decay * (1 - decay) * delta**2
    return v


@wrong("rmsprop/faults", "A mix counts only if both keys depend on the other one: and in place of or.")
def faults_05_a(steps):
    remembers = bool(np.any(steps[0, 1] != steps[1, 1]))
    w_sees_b = steps[0, 0, 0] != steps[2, 0, 0]
    b_sees_w = steps[0, 0, 1] != steps[3, 0, 1]
    return {"remembers": remembers, "mixes": bool(w_sees_b and b_sees_w)}


@wrong("rmsprop/update", "Brackets are missing: 1 - decay * g**2 in place of (1 - decay) * g**2.")
class RMSprop_05_a:
    def __init__(self, lr=0.001, decay=0.9, eps=1e-8):
        self.lr, self.decay, self.eps = lr, decay, eps
        self.h = {}

    def update(self, params, grads):
        for key in params:
            g = grads[key]
            if key not in self.h:
                self.h[key] = np.zeros_like(g)
            self.h[key] = self.decay * self.h[key] + 1 - self.decay * g**2
            params[key] -= self.lr * g / (np.sqrt(self.h[key]) + self.eps)


@wrong("rmsprop/update", "h starts at ones, not at zeros.")
class RMSprop_05_b:
    def __init__(self, lr=0.001, decay=0.9, eps=1e-8):
        self.lr, self.decay, self.eps = lr, decay, eps
        self.h = {}

    def update(self, params, grads):
        for key, g in grads.items():
            h = self.h.setdefault(key, np.ones_like(g, dtype=float))
            h *= self.decay
            h += (1 - self.decay) * g * g
            params[key] = params[key] - self.lr * g / (np.sqrt(h) + self.eps)


@wrong("graves/update", "The numerator is g less its average; it should stay g.")
class RMSpropGraves_05_a:
    def __init__(self, lr=1e-4, decay=0.95, momentum=0.9, eps=1e-4):
        self.lr, self.decay, self.momentum, self.eps = lr, decay, momentum, eps
        self.n, self.a, self.d = {}, {}, {}

    def update(self, params, grads):
        r = self.decay
        for k, g in grads.items():
            self.n[k] = r * self.n.get(k, 0.0) + (1 - r) * g**2
            self.a[k] = r * self.a.get(k, 0.0) + (1 - r) * g
            sigma = np.sqrt(self.n[k] - self.a[k] ** 2 + self.eps)
            self.d[k] = self.momentum * self.d.get(k, 0.0) - self.lr * (g - self.a[k]) / sigma
            params[k] = params[k] + self.d[k]
