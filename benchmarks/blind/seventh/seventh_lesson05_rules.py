"""Lesson 05: one mistake each."""

import numpy as np
from blind_collection import wrong


@wrong("rmsprop/decay-for", "Takes h itself as the distance at the start, not held - usual.")
def decay_for1(held, usual, calls):
    # distance shrinks by rho in each call, in the end the distance is usual
    rho = (usual / held) ** (1 / calls)
    return rho


@wrong(
    "rmsprop/update",
    "The two weights of the average are swapped: the old h gets 1 - decay, the new square decay.",
)
class RMSprop1:
    def __init__(self, lr=0.001, decay=0.9, eps=1e-8):
        self.lr, self.decay, self.eps = lr, decay, eps
        self.h = {}

    def update(self, params, grads):
        for key in params:
            g = grads[key]
            if key not in self.h:
                self.h[key] = np.zeros_like(g)
            self.h[key] = (1 - self.decay) * self.h[key] + self.decay * g**2
            params[key] = params[key] - self.lr * g / (np.sqrt(self.h[key]) + self.eps)


@wrong(
    "graves/update",
    "Epsilon stands outside the root, as in RMSprop; here it belongs to the variance under the root.",
)
class RMSpropGraves1:
    def __init__(self, lr=1e-4, decay=0.95, momentum=0.9, eps=1e-4):
        self.lr, self.decay, self.momentum, self.eps = lr, decay, momentum, eps
        self.n, self.a, self.d = {}, {}, {}

    def update(self, params, grads):
        for k, g in grads.items():
            n = self.decay * self.n.get(k, 0) + (1 - self.decay) * g**2
            a = self.decay * self.a.get(k, 0) + (1 - self.decay) * g
            spread_of_g = np.sqrt(np.maximum(n - a**2, 0)) + self.eps
            d = self.momentum * self.d.get(k, 0) - self.lr * g / spread_of_g
            params[k] = params[k] + d
            self.n[k], self.a[k], self.d[k] = n, a, d


@wrong("rmsprop/variance", "B lacks the factor rho: it should be rho * (1 - rho), not 1 - rho.")
def spread1(gradients, decay):
    v = 0.0
    a = 0.0
    for g in gradients:
        delta = g - a
        a = a + (1 - decay) * delta
        v = decay * v + (1 - decay) * delta**2
    return v


@wrong("rmsprop/variance", "Delta is measured from the new a, not from the old one.")
def spread2(gradients, decay):
    A, B = decay, decay * (1 - decay)
    v = a = 0.0
    for g in gradients:
        a = decay * a + (1 - decay) * g
        v = A * v + B * (g - a) ** 2
    return v


@wrong(
    "rmsprop/faults",
    "For memory it compares the two calls of run 0: momentum is found so, but a rule that makes equal steps while gradients are equal is not, and a mere clock counts as memory.",
)
def faults1(steps):
    remembers = not np.allclose(steps[0, 0], steps[0, 1])
    w_depends = not np.isclose(steps[0, 0, 0], steps[2, 0, 0])
    b_depends = not np.isclose(steps[0, 0, 1], steps[3, 0, 1])
    return {"remembers": remembers, "mixes": w_depends or b_depends}


@wrong("rmsprop/faults", "Mixing is tested in one direction only: whether W's step depends on b's gradient.")
def faults2(steps):
    remembers = bool(np.any(np.abs(steps[0, 1] - steps[1, 1]) > 1e-12))
    # W has gradient 1 in both, b has 2 and 9
    mixes = bool(abs(steps[0, 0, 0] - steps[2, 0, 0]) > 1e-12)
    return {"remembers": remembers, "mixes": mixes}
