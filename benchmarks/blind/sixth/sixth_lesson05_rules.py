"""Lesson 05: one mistake each."""

import numpy as np
from blind_collection import wrong


@wrong(
    "rmsprop/decay-for",
    "Lets h itself shrink by rho, as if every new square were zero: (2 usual/held)^(1/calls).",
)
def decay_for1(held, usual, calls):
    return (2 * usual / held) ** (1 / calls)


@wrong("rmsprop/update", "The two weights are exchanged: rho goes to the new square.")
class RMSprop3:
    def __init__(self, lr=0.001, decay=0.9, eps=1e-8):
        self.lr, self.decay, self.eps = lr, decay, eps
        self.h = {}

    def update(self, params, grads):
        for k in params:
            if k not in self.h:
                self.h[k] = np.zeros_like(params[k])
            self.h[k] = (1 - self.decay) * self.h[k] + self.decay * grads[k] ** 2
            params[k] -= self.lr * grads[k] / (np.sqrt(self.h[k]) + self.eps)


@wrong("rmsprop/update", "The average starts at the first square instead of at zero.")
class RMSprop4:
    def __init__(self, lr=0.001, decay=0.9, eps=1e-8):
        self.lr, self.decay, self.eps = lr, decay, eps
        self.h = {}

    def update(self, params, grads):
        for k in params:
            if k not in self.h:
                self.h[k] = grads[k] ** 2
            else:
                self.h[k] = self.decay * self.h[k] + (1 - self.decay) * grads[k] ** 2
            params[k] -= self.lr * grads[k] / (np.sqrt(self.h[k]) + self.eps)


@wrong(
    "rmsprop/update",
    "The square is summed over the array: one h for a whole key instead of one for each coordinate.",
)
class RMSprop5:
    def __init__(self, lr=0.001, decay=0.9, eps=1e-8):
        self.lr, self.decay, self.eps = lr, decay, eps
        self.h = {}

    def update(self, params, grads):
        for k in params:
            h = self.h.get(k, 0.0)
            self.h[k] = self.decay * h + (1 - self.decay) * np.sum(grads[k] ** 2)
            params[k] -= self.lr * grads[k] / (np.sqrt(self.h[k]) + self.eps)


@wrong("graves/update", "epsilon is added outside the root, as in RMSprop.")
class RMSpropGraves7:
    def __init__(self, lr=1e-4, decay=0.95, momentum=0.9, eps=1e-4):
        self.lr, self.decay, self.momentum, self.eps = lr, decay, momentum, eps
        self.n, self.a, self.d = {}, {}, {}

    def update(self, params, grads):
        for k, g in grads.items():
            n = self.decay * self.n.get(k, np.zeros_like(g)) + (1 - self.decay) * g**2
            a = self.decay * self.a.get(k, np.zeros_like(g)) + (1 - self.decay) * g
            spread = np.sqrt(n - a**2) + self.eps
            d = self.momentum * self.d.get(k, np.zeros_like(g)) - self.lr * g / spread
            params[k] += d
            self.n[k], self.a[k], self.d[k] = n, a, d


@wrong("graves/update", "The numerator is the average a instead of the gradient g.")
class RMSpropGraves8:
    def __init__(self, lr=1e-4, decay=0.95, momentum=0.9, eps=1e-4):
        self.lr, self.decay, self.momentum, self.eps = lr, decay, momentum, eps
        self.n, self.a, self.d = {}, {}, {}

    def update(self, params, grads):
        for k in params:
            if k not in self.n:
                self.n[k] = np.zeros_like(params[k])
                self.a[k] = np.zeros_like(params[k])
                self.d[k] = np.zeros_like(params[k])
            self.n[k] = self.decay * self.n[k] + (1 - self.decay) * grads[k] ** 2
            self.a[k] = self.decay * self.a[k] + (1 - self.decay) * grads[k]
            root = np.sqrt(self.n[k] - self.a[k] ** 2 + self.eps)
            self.d[k] = self.momentum * self.d[k] - self.lr * self.a[k] / root
            params[k] += self.d[k]


@wrong("rmsprop/variance", "B is 1 - rho instead of rho(1 - rho).")
def spread11(gradients, decay):
    v, a = 0.0, 0.0
    for g in gradients:
        delta = g - a
        a = a + (1 - decay) * delta
        v = decay * v + (1 - decay) * delta**2
    return v


@wrong(
    "rmsprop/faults",
    "'remembers' compares the two calls of run 0: a rule that remembers but makes equal steps for equal gradients, such as Adam, is called forgetful.",
)
def faults14(steps):
    remembers = not np.allclose(steps[0, 0], steps[0, 1])
    mixes = not np.allclose(steps[0, 0, 0], steps[2, 0, 0]) or not np.allclose(steps[0, 0, 1], steps[3, 0, 1])
    return {"remembers": remembers, "mixes": mixes}
