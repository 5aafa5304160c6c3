"""Right answers of the twelfth blind set, lesson 01, written in unusual ways."""

import numpy as np
from blind_collection import right


@right("sgd/update", "np.subtract with out, keys taken from grads.")
class SGDOut_01_r1:
    def __init__(self, lr=0.01):
        self.lr = lr

    def update(self, params, grads):
        for key in sorted(grads):
            np.subtract(params[key], np.multiply(self.lr, grads[key]), out=params[key])


@right(
    "sgd/largest-stable", "Recursive bisection, the run as an inner function with an early stop at infinity."
)
def largest_stable_recursive_01_r2(make_rule, gradient, start):
    first = np.linalg.norm(start)

    def stays(lr):
        rule, params = make_rule(lr), {"theta": np.array(start, dtype=float)}
        for _ in range(400):
            rule.update(params, {"theta": gradient(params["theta"])})
            if not np.all(np.isfinite(params["theta"])):
                return False
        return bool(np.linalg.norm(params["theta"]) <= first)

    def search(low, high, left):
        if left == 0:
            return low
        middle = low + (high - low) / 2
        return search(middle, high, left - 1) if stays(middle) else search(low, middle, left - 1)

    return search(0.0, 16.0, 40)


@right("sgd/batch-noise", "Other algebra: the difference of 1/B and 1/N, with Bessel's factor.")
def batch_noise_bessel_01_r3(one, rows, batch):
    unbiased = one * rows / (rows - 1)
    return unbiased * (1 / batch - 1 / rows)
