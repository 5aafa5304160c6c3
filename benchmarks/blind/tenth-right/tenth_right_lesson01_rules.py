"""Right answers, written in unusual ways, of the tenth blind set, lesson 01."""

import numpy as np
from blind_collection import right


@right("sgd/update", "np.subtract into the array itself, keys in sorted order")
class Sgd_01_r_a:
    def __init__(self, lr=0.01):
        self.lr = lr

    def update(self, params, grads):
        for name in sorted(params):
            target = params[name]
            np.subtract(target, np.multiply(grads[name], self.lr), out=target)


@right("sgd/worst-factor", "no absolute value: only the two ends of the curvatures, each with its own sign")
def worst_factor_01_r_b(lr, curvatures):
    ordered = sorted(float(c) for c in curvatures)
    return max(1 - lr * ordered[0], lr * ordered[-1] - 1)


@right(
    "sgd/largest-stable",
    "no halving: six times a grid of nine, each between the last stable and the first unstable rate",
)
def largest_stable_lr_01_r_c(make_rule, gradient, start):
    def stable(lr):
        rule, params = make_rule(lr), {"theta": start.copy()}
        for _ in range(400):
            rule.update(params, {"theta": gradient(params["theta"])})
        return bool(np.linalg.norm(params["theta"]) <= np.linalg.norm(start))

    low, width = 0.0, 16.0
    with np.errstate(all="ignore"):
        for _ in range(6):
            width /= 10
            for _ in range(9):
                if not stable(low + width):
                    break
                low += width
    return low
