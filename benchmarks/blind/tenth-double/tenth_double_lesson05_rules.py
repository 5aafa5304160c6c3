"""Two independent slips in each answer, lesson 05 of the tenth blind set."""

import numpy as np
from blind_collection import wrong


@wrong(
    "graves/update",
    "eps is added to the root, not to the variance under it.",
    "The velocity, which already has the minus, is subtracted: the parameter goes uphill.",
)
class RMSpropGraves_05_d1:
    def __init__(self, lr=1e-4, decay=0.95, momentum=0.9, eps=1e-4):
        self.lr, self.decay, self.momentum, self.eps = lr, decay, momentum, eps
        self.n, self.a, self.d = {}, {}, {}

    def update(self, params, grads):
        for k in params:
            g = grads[k]
            self.n[k] = self.decay * self.n.get(k, np.zeros_like(g)) + (1 - self.decay) * g**2
            self.a[k] = self.decay * self.a.get(k, np.zeros_like(g)) + (1 - self.decay) * g
            std = np.sqrt(self.n[k] - self.a[k] ** 2) + self.eps
            self.d[k] = self.momentum * self.d.get(k, np.zeros_like(g)) - self.lr * g / std
            params[k] = params[k] - self.d[k]


@wrong(
    "rmsprop/faults",
    "For the memory the whole runs 0 and 1 are compared, with their first calls, whose gradients differ.",
    "For the mix only W is tested: that b depends on W is never seen.",
)
def faults_05_d2(steps):
    remembers = not np.allclose(steps[0], steps[1])
    mixes = not np.isclose(steps[0, 0, 0], steps[2, 0, 0])
    return {"remembers": bool(remembers), "mixes": bool(mixes)}
