"""Lesson 01: one mistake each."""

import numpy as np
from blind_collection import wrong


@wrong("sgd/update", "Pairs parameters and gradients by their position in the dicts, not by key.")
class SGD1:
    def __init__(self, lr=0.01):
        self.lr = lr

    def update(self, params, grads):
        for p, g in zip(params.values(), grads.values()):
            p -= self.lr * g


@wrong("sgd/worst-factor", "The absolute value is missing: a factor of -1.5 counts as small.")
def worst_factor1(lr, curvatures):
    factors = 1 - lr * curvatures
    return factors.max()


@wrong("sgd/worst-factor", "Looks at the steepest axis only and forgets that the flat one may decide.")
def worst_factor2(lr, curvatures):
    L = np.max(curvatures)
    return abs(1 - lr * L)


@wrong("sgd/largest-stable", "Takes the gradient at the start in every step, not at the present place.")
def largest_stable_lr1(make_rule, gradient, start):
    low, high = 0.0, 16.0
    for _ in range(30):
        lr = (low + high) / 2
        rule = make_rule(lr)
        params = {"theta": start.copy()}
        for _ in range(400):
            rule.update(params, {"theta": gradient(start)})
        if np.linalg.norm(params["theta"]) <= np.linalg.norm(start):
            low = lr
        else:
            high = lr
    return low


best_lr1 = wrong(
    "sgd/best-lr", "Divides 2 by the sum of all three curvatures, not of the smallest and the largest."
)(0.174)


@wrong(
    "sgd/noise-floor",
    "Divides the standard deviation by B before squaring, so the noise is divided by B² instead of B.",
)
def noise_floor1(lr, curvature, sigma, batch):
    noise = (sigma / batch) ** 2
    keep = (1 - lr * curvature) ** 2
    return lr**2 * noise / (1 - keep)


@wrong("sgd/batch-noise", "Integer division: (N - B) // (N - 1) is zero for every batch larger than one.")
def batch_noise1(one, rows, batch):
    return one / batch * ((rows - batch) // (rows - 1))
