"""Lesson 05: wrong in an odd way."""

import numpy as np
from blind_collection import wrong


@wrong(
    "rmsprop/update",
    "h belongs to the class: every new optimizer goes on with the averages of the ones before.",
)
class RMSprop_05_a:
    h = {}

    def __init__(self, lr=0.001, decay=0.9, eps=1e-8):
        self.lr, self.decay, self.eps = lr, decay, eps

    def update(self, params, grads):
        for key in params:
            g = grads[key]
            old = self.h.get(key)
            if old is None or np.shape(old) != np.shape(g):
                old = np.zeros_like(g)
            self.h[key] = self.decay * old + (1 - self.decay) * g**2
            params[key] = params[key] - self.lr * g / (np.sqrt(self.h[key]) + self.eps)


@wrong("rmsprop/variance", "Gives a list of the variances after all gradients in place of the last one.")
def spread_05_a(gradients, decay):
    a, v, seen = 0.0, 0.0, []
    for g in gradients:
        delta = g - a
        a += (1 - decay) * delta
        v = decay * v + decay * (1 - decay) * delta**2
        seen.append(v)
    return seen
