"""Right answers in unusual ways, lesson 01."""

import numpy as np
from blind_collection import right


@right("sgd/update", "np.subtract with out, over the gradients' keys")
class SGD_right_01_a:
    def __init__(self, lr=0.01):
        self.lr = lr

    def update(self, params, grads):
        for name, g in grads.items():
            p = params[name]
            np.subtract(p, np.multiply(self.lr, g), out=p)


@right("sgd/largest-stable", "digit by digit from below, instead of halving")
def largest_stable_lr_right_01_b(make_rule, gradient, start):
    def stable(lr):
        rule, params = make_rule(lr), {"theta": start.copy()}
        for _ in range(400):
            rule.update(params, {"theta": gradient(params["theta"])})
        return bool(np.sum(params["theta"] ** 2) <= np.sum(start**2))

    low, step = 0.0, 1.6
    while step > 1e-6 and step > 0.001 * low:
        for _ in range(9):  # the tenth is known to be unstable
            if not stable(low + step):
                break
            low += step
        step /= 10
    return low


@right("sgd/batch-noise", "squares and products written out as in steps 2 and 3")
def batch_noise_right_01_c(one, rows, batch):
    c = -one / (rows - 1)
    return (batch * one + batch * (batch - 1) * c) / batch**2
