"""Lesson 01: right answers in unusual ways."""

import numpy as np
from blind_collection import right


@right("sgd/update", "np.subtract with out=")
class SGD1:
    def __init__(self, lr=0.01):
        self.lr = lr

    def update(self, params, grads):
        for name, gradient in grads.items():
            np.subtract(params[name], np.multiply(gradient, self.lr), out=params[name])


@right("sgd/worst-factor", "only the two ends, without an absolute value")
def worst_factor1(lr, curvatures):
    ordered = sorted(curvatures)
    return max(1 - lr * ordered[0], lr * ordered[-1] - 1)


best_lr1 = right("sgd/best-lr", "a NumPy number with all digits")(np.float64(4) / 17)


@right("sgd/batch-noise", "by the mean product c of two deviations")
def batch_noise1(one, rows, batch):
    c = -one / (rows - 1)
    squares = batch * one
    products = batch * (batch - 1) * c
    return (squares + products) / batch**2
