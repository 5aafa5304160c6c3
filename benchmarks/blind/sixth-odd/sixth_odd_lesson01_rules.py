"""Lesson 01: odd answers."""

import numpy as np
from blind_collection import wrong


@wrong(
    "sgd/update",
    "Builds a new dict with the new arrays and returns it; the caller's params stay as they were.",
)
class SGD3:
    def __init__(self, lr=0.01):
        self.lr = lr

    def update(self, params, grads):
        new = {}
        for k in params:
            new[k] = params[k] - self.lr * grads[k]
        return new


@wrong(
    "sgd/largest-stable",
    "start is not copied: the runs move the caller's start itself, so the end is compared with itself and each run begins where the last one ended.",
)
def largest_stable_lr8(make_rule, gradient, start):
    low, high = 0.0, 16.0
    while high - low > 0.001:
        middle = (low + high) / 2
        rule = make_rule(middle)
        params = {"theta": start}
        for step in range(400):
            rule.update(params, {"theta": gradient(params["theta"])})
        if np.linalg.norm(params["theta"]) <= np.linalg.norm(start):
            low = middle
        else:
            high = middle
    return (low + high) / 2
