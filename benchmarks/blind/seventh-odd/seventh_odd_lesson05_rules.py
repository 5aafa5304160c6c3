"""Lesson 05: odd answers."""

import numpy as np
from blind_collection import wrong


@wrong(
    "rmsprop/update",
    "h is a dict of the class, not of the object: a second optimizer goes on with the first one's averages.",
)
class RMSprop2:
    h = {}

    def __init__(self, lr=0.001, decay=0.9, eps=1e-8):
        self.lr, self.decay, self.eps = lr, decay, eps

    def update(self, params, grads):
        for key, g in grads.items():
            if key not in self.h:
                self.h[key] = np.zeros(np.shape(g))
            self.h[key] = self.decay * self.h[key] + (1 - self.decay) * g**2
            params[key] = params[key] - self.lr * g / (np.sqrt(self.h[key]) + self.eps)


@wrong("rmsprop/faults", "The values are arrays with one truth value for each key, not True or False.")
def faults3(steps):
    remembers = ~np.isclose(steps[0, 1], steps[1, 1])
    mixes = ~np.isclose(steps[0, 0], [steps[2, 0, 0], steps[3, 0, 1]])
    return {"remembers": remembers, "mixes": mixes}
