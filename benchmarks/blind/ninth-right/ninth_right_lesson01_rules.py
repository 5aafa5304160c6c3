"""Lesson 01: right, in an unusual way."""

import numpy as np
from blind_collection import right


@right("sgd/update", "Writes into the arrays with np.subtract and out, in sorted order of the keys.")
class SGD_01_a:
    def __init__(self, lr=0.01):
        self.lr = lr

    def update(self, params, grads):
        for name in sorted(params):
            np.subtract(params[name], np.multiply(grads[name], self.lr), out=params[name])


@right("sgd/largest-stable", "Recursion in place of a loop, and the squared distance.")
def largest_stable_lr_01_b(make_rule, gradient, start):
    def stable(lr):
        rule, params = make_rule(lr), {"theta": start.copy()}
        for _ in range(400):
            rule.update(params, {"theta": gradient(params["theta"])})
        return bool(params["theta"] @ params["theta"] <= start @ start)

    def narrow(low, high, left):
        middle = low + (high - low) / 2
        if left == 0:
            return middle
        return narrow(middle, high, left - 1) if stable(middle) else narrow(low, middle, left - 1)

    return narrow(0.0, 16.0, 24)


@right("sgd/noise-floor", "Reads the line V → V' at two points and returns its fixed point.")
def noise_floor_01_c(lr, curvature, sigma, batch):
    def after(V):
        return V * (1 - lr * curvature) ** 2 + (lr * sigma) ** 2 / batch

    at_zero = after(0.0)
    slope = (1 - lr * curvature) ** 2
    return at_zero / (1 - slope)
