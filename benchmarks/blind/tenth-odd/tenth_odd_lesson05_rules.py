"""Strange answers for lesson 05 of the tenth blind set."""

import numpy as np
from blind_collection import wrong

H = {}


@wrong(
    "rmsprop/update", "The averages are in a global dict: a second optimizer goes on with those of the first."
)
class RMSprop_05_o1:
    def __init__(self, lr=0.001, decay=0.9, eps=1e-8):
        self.lr, self.decay, self.eps = lr, decay, eps

    def update(self, params, grads):
        global H
        for k in params:
            H[k] = self.decay * H.get(k, 0 * grads[k]) + (1 - self.decay) * grads[k] ** 2
            params[k] = params[k] - self.lr * grads[k] / (np.sqrt(H[k]) + self.eps)


@wrong(
    "rmsprop/variance",
    "It is a generator of all variances, not the last one as a number: yield in place of return.",
)
def spread_05_o2(gradients, decay):
    a, v = 0.0, 0.0
    for g in gradients:
        delta = g - a
        a += (1 - decay) * delta
        v = decay * (v + (1 - decay) * delta**2)
        yield v


decay_for_05_o3 = lambda held, usual, calls: f"{100 * (usual / (held - usual)) ** (1 / calls):.2f} %"
decay_for_05_o3.__name__ = "decay_for_05_o3"
wrong("rmsprop/decay-for", "It gives a text with a percent sign, not a number.")(decay_for_05_o3)
