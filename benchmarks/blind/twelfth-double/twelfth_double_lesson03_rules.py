"""Double slips of the twelfth blind set, lesson 03: two independent mistakes each."""

import numpy as np
from blind_collection import wrong


@wrong(
    "nesterov/look-ahead",
    "Looks back instead of ahead: the gradient is taken at θ − μv.",
    "The start is not among the places: there are only `steps` rows.",
)
def look_back_no_start_03_d1(gradient, theta, lr, momentum, steps):
    x, v, out = theta.copy(), np.zeros_like(theta), []
    for _ in range(steps):
        v = momentum * v - lr * gradient(x - momentum * v)
        x = x + v
        out.append(x)
    return np.array(out)


@wrong(
    "nesterov/limit",
    "Uses the smallest curvature instead of the largest.",
    "The numerator is 1 + μ instead of 2(1 + μ): half of the limit.",
)
def stable_limit_smallest_half_03_d2(momentum, curvatures):
    lam = np.min(curvatures)
    return (1 + momentum) / (1 + 2 * momentum) / lam


@wrong(
    "nesterov/update",
    "The old look-ahead is not undone: −μ times the old velocity is missing.",
    "The gradient enters the velocity with the factor 1 − μ, as in an average.",
)
class NesterovNoUndoAverage_03_d3:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr = lr
        self.momentum = momentum
        self.v = {}

    def update(self, params, grads):
        mu = self.momentum
        for k in params:
            self.v[k] = mu * self.v.get(k, 0.0) - (1 - mu) * self.lr * grads[k]
            params[k] += (1 + mu) * self.v[k]
