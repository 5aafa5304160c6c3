"""Strange answers for lesson 05."""

import numpy as np
from blind_collection import wrong


@wrong(
    "rmsprop/update", "h is a dict of the class: a new optimizer goes on with the averages of the one before."
)
class RmsSharedMemory_05_a:
    h = {}

    def __init__(self, lr=0.001, decay=0.9, eps=1e-8):
        self.lr, self.decay, self.eps = lr, decay, eps

    def update(self, params, grads):
        for k in params:
            old = self.h.get(k, np.zeros_like(params[k]))
            self.h[k] = self.decay * old + (1 - self.decay) * grads[k] ** 2
            params[k] = params[k] - self.lr * grads[k] / (np.sqrt(self.h[k]) + self.eps)


@wrong("rmsprop/faults", "The answers are the words 'yes' and 'no' in place of True and False.")
def faults_05_a(steps):
    def word(x):
        return "yes" if x else "no"

    remembers = (steps[0, 1] != steps[1, 1]).any()
    mixes = steps[0, 0, 0] != steps[2, 0, 0] or steps[0, 0, 1] != steps[3, 0, 1]
    return {"remembers": word(remembers), "mixes": word(mixes)}
