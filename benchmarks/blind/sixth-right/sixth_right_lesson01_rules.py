"""Lesson 01: right answers in unusual ways."""

import numpy as np
from blind_collection import right


@right("sgd/update", "np.subtract with out=, over the sorted keys of grads, and params is returned as well.")
class SGD4:
    def __init__(self, lr=0.01):
        self.lr = lr

    def update(self, params, grads):
        for key in sorted(grads):
            np.subtract(params[key], np.multiply(grads[key], self.lr), out=params[key])
        return params


@right("sgd/worst-factor", "The infinity norm of the diagonal matrix I - lr*diag(curvatures).")
def worst_factor6(lr, curvatures):
    step = np.eye(len(curvatures)) - lr * np.diag(curvatures)
    return float(np.linalg.norm(step, np.inf))


@right(
    "sgd/largest-stable",
    "Recursive halving with an inner function, and 'not (far > begin)' turned round so that NaN counts as unstable.",
)
def largest_stable_lr9(make_rule, gradient, start):
    def stable(lr):
        rule, params = make_rule(lr), {"theta": np.array(start, dtype=float)}
        for _ in range(400):
            rule.update(params, {"theta": gradient(params["theta"])})
        return bool(np.sum(params["theta"] ** 2) <= np.sum(np.square(start)))

    def search(low, high, left):
        middle = 0.5 * low + 0.5 * high
        if left == 0:
            return middle
        return search(middle, high, left - 1) if stable(middle) else search(low, middle, left - 1)

    return search(0.0, 16.0, 30)
