"""Lesson 05: odd answers."""

import numpy as np
from blind_collection import wrong


@wrong(
    "rmsprop/update",
    "h is a dict of the class, not of the instance: a second optimizer goes on with the first one's averages.",
)
class RMSprop_05_a:
    h = {}

    def __init__(self, lr=0.001, decay=0.9, eps=1e-8):
        self.lr, self.decay, self.eps = lr, decay, eps

    def update(self, params, grads):
        for key in grads:
            old = self.h.get(key, np.zeros_like(grads[key]))
            self.h[key] = self.decay * old + (1 - self.decay) * grads[key] ** 2
            params[key] -= self.lr * grads[key] / (np.sqrt(self.h[key]) + self.eps)


@wrong("rmsprop/faults", "Gives the words 'yes' and 'no' in place of True and False; 'no' counts as true.")
def faults_05_a(steps):
    remembers = np.any(steps[0, 1] != steps[1, 1])
    mixes = steps[0, 0, 0] != steps[2, 0, 0] or steps[0, 0, 1] != steps[3, 0, 1]
    return {"remembers": "yes" if remembers else "no", "mixes": "yes" if mixes else "no"}
