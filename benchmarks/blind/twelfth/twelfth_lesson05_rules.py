"""Single slips of the twelfth blind set, lesson 05: one mistake each."""

import numpy as np
from blind_collection import wrong


@wrong(
    "rmsprop/update",
    "The squares of a whole array are averaged: h is one number for a key, not one for each coordinate.",
)
class RMSprop_05_a:
    def __init__(self, lr=0.001, decay=0.9, eps=1e-8):
        self.lr, self.decay, self.eps = lr, decay, eps
        self.h = {}

    def update(self, params, grads):
        for key in params:
            ms = np.mean(grads[key] ** 2)  # the "mean square"
            self.h[key] = self.decay * self.h.get(key, 0.0) + (1 - self.decay) * ms
            params[key] = params[key] - self.lr * grads[key] / (np.sqrt(self.h[key]) + self.eps)


@wrong("rmsprop/update", "h starts with the first square, g², and not with zero: the first step is η long.")
class RMSprop_05_b:
    def __init__(self, lr=0.001, decay=0.9, eps=1e-8):
        self.lr, self.decay, self.eps = lr, decay, eps
        self.h = {}

    def update(self, params, grads):
        for k, g in grads.items():
            if k not in self.h:
                self.h[k] = g**2
            else:
                self.h[k] = self.decay * self.h[k] + (1 - self.decay) * g**2
            params[k] -= self.lr * g / (np.sqrt(self.h[k]) + self.eps)


@wrong(
    "graves/update",
    "The numerator is g − a, the deviation from the average, where the gradient g itself belongs.",
)
class RMSpropGraves_05_c:
    def __init__(self, lr=1e-4, decay=0.95, momentum=0.9, eps=1e-4):
        self.lr, self.decay, self.momentum, self.eps = lr, decay, momentum, eps
        self.n, self.a, self.d = {}, {}, {}

    def update(self, params, grads):
        rho, mu = self.decay, self.momentum
        for k in params:
            g = grads[k]
            n = rho * self.n.get(k, 0) + (1 - rho) * g**2
            a = rho * self.a.get(k, 0) + (1 - rho) * g
            z = (g - a) / np.sqrt(n - a**2 + self.eps)  # standard score
            d = mu * self.d.get(k, 0) - self.lr * z
            self.n[k], self.a[k], self.d[k] = n, a, d
            params[k] = params[k] + d


@wrong(
    "rmsprop/decay-for",
    "The usual squares that keep coming in are left out: all of held shrinks by ρ, down to 2 · usual.",
)
def decay_for_05_d(held, usual, calls):
    # held * rho**calls = 2 * usual
    return (2 * usual / held) ** (1 / calls)


@wrong("rmsprop/decay-for", "The logarithm to base 10 is undone with exp.")
def decay_for_05_e(held, usual, calls):
    ratio = usual / (held - usual)
    return float(np.exp(np.log10(ratio) / calls))


@wrong("rmsprop/variance", "δ is taken from the new a, after its update, not from the old one.")
def spread_05_f(gradients, decay):
    v = 0.0
    a = 0.0
    for g in gradients:
        a = a + (1 - decay) * (g - a)
        delta = g - a
        v = decay * v + decay * (1 - decay) * delta**2
    return v


@wrong(
    "rmsprop/faults",
    "Memory is looked for in the two calls of run 0, where both gradients are equal: some rules with memory step equally there.",
)
def faults_05_g(steps):
    remembers = bool(np.any(steps[0, 0] != steps[0, 1]))
    w_depends_on_b = steps[0, 0, 0] != steps[2, 0, 0]
    b_depends_on_w = steps[0, 0, 1] != steps[3, 0, 1]
    return {"remembers": remembers, "mixes": bool(w_depends_on_b or b_depends_on_w)}
