"""Lesson 01: right answers in unusual ways."""

import numpy as np
from blind_collection import right


@right("sgd/update", "with np.subtract and out=, over the keys of grads")
class SGD01A:
    def __init__(self, lr=0.01):
        self.eta = lr

    def update(self, params, grads):
        for name in grads:
            np.subtract(params[name], np.multiply(self.eta, grads[name]), out=params[name])


@right("sgd/largest-stable", "bisection by recursion")
def largest_stable_lr_01_a(make_rule, gradient, start):
    radius = np.sum(start**2)

    def survives(lr):
        rule, params = make_rule(lr), {"theta": start.copy()}
        with np.errstate(all="ignore"):
            for _ in range(400):
                rule.update(params, {"theta": gradient(params["theta"])})
            return bool(np.sum(params["theta"] ** 2) <= radius)

    def search(low, high, left):
        middle = (low + high) / 2
        if left == 0:
            return middle
        return search(middle, high, left - 1) if survives(middle) else search(low, middle, left - 1)

    return search(0.0, 16.0, 25)


@right("sgd/batch-noise", "rearranged: the difference of 1/B and 1/N")
def batch_noise_01_a(one, rows, batch):
    return one * rows / (rows - 1) * (1 / batch - 1 / rows)
