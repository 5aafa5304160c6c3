"""Lesson 05: right answers in unusual ways."""

import numpy as np
from blind_collection import right


@right("rmsprop/decay-for", "with logarithms, and the ratio upside down")
def decay_for3(held, usual, calls):
    halvings = np.log2(held / usual - 1)
    return float(2.0 ** (-halvings / calls))


@right(
    "graves/update",
    "keeps the variance itself (section 7) instead of n - a²; the velocity is kept per unit of η and has the other sign",
)
class RMSpropGraves3:
    def __init__(self, lr=1e-4, decay=0.95, momentum=0.9, eps=1e-4):
        self.lr, self.decay, self.momentum, self.eps = lr, decay, momentum, eps
        self.memory = {}

    def update(self, params, grads):
        for key, g in grads.items():
            mean, var, push = self.memory.get(key, (0.0, 0.0, 0.0))
            delta = g - mean
            mean = mean + (1 - self.decay) * delta
            var = self.decay * (var + (1 - self.decay) * delta * delta)
            push = self.momentum * push + g * (var + self.eps) ** -0.5
            self.memory[key] = mean, var, push
            params[key] = params[key] - self.lr * push


@right(
    "rmsprop/variance",
    "one weighted variance of all gradients; the zero at the start is one more value, with the weight ρ^T",
)
def spread3(gradients, decay):
    values = np.concatenate(([0.0], gradients))
    T = len(gradients)
    weights = np.concatenate(([decay**T], (1 - decay) * decay ** np.arange(T)[::-1]))
    centre = np.average(values, weights=weights)
    return np.average((values - centre) ** 2, weights=weights)
