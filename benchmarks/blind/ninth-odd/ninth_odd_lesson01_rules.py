"""Lesson 01: wrong in an odd way."""

import numpy as np
from blind_collection import wrong


@wrong("sgd/update", "Returns inside the loop: only the first key is changed.")
class SGD_01_a:
    def __init__(self, lr=0.01):
        self.lr = lr

    def update(self, params, grads):
        for k in params:
            params[k] -= self.lr * grads[k]
            return params


@wrong("sgd/largest-stable", "An endless loop: two neighbouring floats never become equal.")
def largest_stable_lr_01_b(make_rule, gradient, start):
    low, high = 0.0, 16.0
    while low < high:
        lr = (low + high) / 2
        rule, params = make_rule(lr), {"theta": start.copy()}
        for _ in range(400):
            rule.update(params, {"theta": gradient(params["theta"])})
        if np.linalg.norm(params["theta"]) <= np.linalg.norm(start):
            low = lr
        else:
            high = lr
    return low


wrong("sgd/best-lr", "Text in place of a number.")("0.235")
