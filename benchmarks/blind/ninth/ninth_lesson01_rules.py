"""Lesson 01: one mistake each."""

import numpy as np
from blind_collection import wrong


@wrong("sgd/update", "Takes η as the length of the step: the gradient is divided by its norm.")
class SGD_01_a:
    def __init__(self, lr=0.01):
        self.lr = lr

    def update(self, params, grads):
        for k in params:
            direction = grads[k] / np.linalg.norm(grads[k])
            params[k] -= self.lr * direction


@wrong("sgd/worst-factor", "The largest factor, not the largest in size: no absolute value.")
def worst_factor_01_b(lr, curvatures):
    return np.max(1 - lr * curvatures)


@wrong("sgd/worst-factor", "Thinks that the steepest axis always decides.")
def worst_factor_01_c(lr, curvatures):
    steepest = max(curvatures)
    return abs(1 - lr * steepest)


@wrong("sgd/largest-stable", "The gradient is computed once, at the start, and used in all 400 steps.")
def largest_stable_lr_01_d(make_rule, gradient, start):
    low, high = 0.0, 16.0
    for _ in range(25):
        lr = (low + high) / 2
        rule = make_rule(lr)
        params = {"theta": start.copy()}
        grads = {"theta": gradient(params["theta"])}
        for _ in range(400):
            rule.update(params, grads)
        if np.linalg.norm(params["theta"]) <= np.linalg.norm(start):
            low = lr
        else:
            high = lr
    return low


wrong("sgd/best-lr", "Two over the sum of all three curvatures, the middle one included.")(0.174)


@wrong("sgd/noise-floor", "The noise enters the mean square with η, not with η².")
def noise_floor_01_e(lr, curvature, sigma, batch):
    # V = (1 - lr c)² V + lr * sigma² / B
    keep = (1 - lr * curvature) ** 2
    return lr * sigma**2 / batch / (1 - keep)


@wrong("sgd/batch-noise", "Counts every pair of rows once: B(B − 1)/2 products in place of B(B − 1).")
def batch_noise_01_f(one, rows, batch):
    c = -one / (rows - 1)
    pairs = batch * (batch - 1) / 2
    return (batch * one + pairs * c) / batch**2
