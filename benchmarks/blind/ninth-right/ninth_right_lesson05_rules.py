"""Lesson 05: right, in unusual ways."""

from functools import reduce
from math import exp, log

import numpy as np
from blind_collection import right


@right(
    "rmsprop/decay-for",
    "With logarithms: the log of the excess over usual falls by the same amount per call.",
)
def decay_for_05_a(held, usual, calls):
    excess_before, excess_after = held - usual, 2 * usual - usual
    return exp((log(excess_after) - log(excess_before)) / calls)


@right(
    "graves/update",
    "Averages move by a share of the gap, keys are taken in sorted order, and the root is a power of −1/2.",
)
class RMSpropGraves_05_a:
    def __init__(self, lr=1e-4, decay=0.95, momentum=0.9, eps=1e-4):
        self.lr, self.decay, self.momentum, self.eps = lr, decay, momentum, eps
        self.n, self.a, self.d = {}, {}, {}

    def update(self, params, grads):
        share = 1 - self.decay
        for key in sorted(grads):
            g = np.asarray(grads[key], dtype=float)
            n, a, d = (memory.setdefault(key, np.zeros(g.shape)) for memory in (self.n, self.a, self.d))
            self.n[key] = n = n - share * (n - g * g)
            self.a[key] = a = a - share * (a - g)
            self.d[key] = d = self.momentum * d - self.lr * g * (n - a * a + self.eps) ** -0.5
            params[key] = params[key] + d


@right(
    "rmsprop/variance", "As a fold, with the product of the deviations from the old and from the new mean."
)
def spread_05_a(gradients, decay):
    def take(state, g):
        v, old = state
        new = old + (1 - decay) * (g - old)
        return decay * v + (1 - decay) * (g - old) * (g - new), new

    return float(reduce(take, np.asarray(gradients, dtype=float), (0.0, 0.0))[0])


@right("rmsprop/faults", "Indexes pairs of equal situations and takes the largest gap of each list.")
def faults_05_a(steps):
    steps = np.asarray(steps)
    earlier = [((0, 1, 0), (1, 1, 0)), ((0, 1, 1), (1, 1, 1))]
    other_key = [((0, 0, 0), (2, 0, 0)), ((0, 0, 1), (3, 0, 1))]
    gap = lambda pairs: max(abs(steps[i] - steps[j]) for i, j in pairs)
    size = np.abs(steps).max()
    return {
        name: bool(gap(pairs) > 1e-10 * size)
        for name, pairs in (("remembers", earlier), ("mixes", other_key))
    }
