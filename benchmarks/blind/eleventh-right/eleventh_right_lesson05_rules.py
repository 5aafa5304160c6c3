"""Right answers in unusual ways, for lesson 05."""

from functools import reduce

import numpy as np
from blind_collection import right


@right("graves/update", "All three memories of a key in one stacked array; the variance as ρ v + ρ(1 − ρ)δ².")
class GravesStacked_05_a:
    def __init__(self, lr=1e-4, decay=0.95, momentum=0.9, eps=1e-4):
        self.lr, self.decay, self.momentum, self.eps = lr, decay, momentum, eps
        self.memory = {}

    def update(self, params, grads):
        for key in sorted(params):
            g = np.asarray(grads[key], dtype=float)
            variance, mean, velocity = self.memory.get(key, np.zeros((3, *g.shape)))
            delta = g - mean
            variance = self.decay * variance + self.decay * (1 - self.decay) * delta * delta
            mean = mean + (1 - self.decay) * delta
            velocity = self.momentum * velocity - self.lr * g * (variance + self.eps) ** -0.5
            self.memory[key] = np.stack([variance, mean, velocity])
            params[key] = params[key] + velocity


@right(
    "rmsprop/variance",
    "Without a loop: the weighted squares around the last mean, and the share ρ^T of the zero from the start.",
)
def spread_05_a(gradients, decay):
    g = np.asarray(gradients, dtype=float)
    weights = (1 - decay) * decay ** np.arange(len(g))[::-1]
    mean = weights @ g
    return float(weights @ (g - mean) ** 2 + decay ** len(g) * mean**2)


@right(
    "rmsprop/faults", "Groups the fresh first calls by the gradient of one key and counts different steps."
)
def faults_05_a(steps):
    firsts = [(1.0, 2.0), (-5.0, 4.0), (1.0, 9.0), (7.0, 2.0)]

    def collect(groups, run):
        for key in (0, 1):
            groups.setdefault((key, firsts[run][key]), set()).add(float(steps[run][0][key]))
        return groups

    groups = reduce(collect, range(4), {})
    return {
        "remembers": not np.array_equal(steps[0][1], steps[1][1]),
        "mixes": any(len(group) > 1 for group in groups.values()),
    }
