"""Lesson 01: one mistake each."""

import numpy as np
from blind_collection import wrong


@wrong("sgd/update", "Adds the gradient instead of subtracting it: the step goes uphill.")
class SGD1:
    def __init__(self, lr=0.01):
        self.lr = lr

    def update(self, params, grads):
        for k in params:
            params[k] += self.lr * grads[k]


@wrong(
    "sgd/update", "Computes the new array under a local name and never writes it into params: nothing moves."
)
class SGD2:
    def __init__(self, lr=0.01):
        self.lr = lr

    def update(self, params, grads):
        for k in params:
            p = params[k]
            p = p - self.lr * grads[k]


@wrong(
    "sgd/worst-factor", "Looks at the steepest axis only: the flat axis, which often decides, is never asked."
)
def worst_factor5(lr, curvatures):
    steepest = np.max(curvatures)
    return abs(1 - lr * steepest)


@wrong(
    "sgd/largest-stable", "Only five halvings: the answer is a multiple of one half, far coarser than 2 %."
)
def largest_stable_lr7(make_rule, gradient, start):
    low, high = 0.0, 16.0
    for _ in range(5):
        lr = (low + high) / 2
        rule = make_rule(lr)
        params = {"theta": start.copy()}
        for _ in range(400):
            rule.update(params, {"theta": gradient(params["theta"])})
        if np.linalg.norm(params["theta"]) <= np.linalg.norm(start):
            low = lr
        else:
            high = lr
    return low


@wrong(
    "sgd/batch-noise",
    "The sign of c is lost: two different rows are taken to agree, +s/(N-1), instead of -s/(N-1).",
)
def batch_noise11(one, rows, batch):
    c = one / (rows - 1)
    return (batch * one + batch * (batch - 1) * c) / batch**2
