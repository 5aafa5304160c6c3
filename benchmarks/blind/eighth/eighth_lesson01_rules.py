"""Lesson 01: one mistake each."""

import numpy as np
from blind_collection import wrong


@wrong(
    "sgd/worst-factor",
    "Takes the absolute value after the maximum, so a large negative factor is never seen.",
)
def worst_factor_01_a(lr, curvatures):
    return abs(np.max(1 - lr * curvatures))


@wrong(
    "sgd/largest-stable",
    "Makes the parameters once, before the loop: after the first run that diverges, no later run begins at the start.",
)
def largest_stable_lr_01_a(make_rule, gradient, start):
    low, high = 0.0, 16.0
    params = {"theta": start.copy()}
    for _ in range(40):
        lr = (low + high) / 2
        rule = make_rule(lr)
        for _ in range(400):
            rule.update(params, {"theta": gradient(params["theta"])})
        if np.linalg.norm(params["theta"]) <= np.linalg.norm(start):
            low = lr
        else:
            high = lr
    return low


value_01_a = wrong(
    "sgd/best-lr",
    "Adds up all three curvatures, 2 / (0.5 + 3 + 8), instead of only the smallest and the largest.",
)(0.174)


@wrong("sgd/noise-floor", "Does not square the factor 1 - lr * curvature in the equation for V.")
def noise_floor_01_a(lr, curvature, sigma, batch):
    # V = (1 - lr*c) V + lr^2 sigma^2 / B
    keep = 1 - lr * curvature
    noise = lr**2 * sigma**2 / batch
    return noise / (1 - keep)


@wrong(
    "sgd/batch-noise", "Counts N² products of two different rows instead of N (N - 1), so that c is -s / N."
)
def batch_noise_01_a(one, rows, batch):
    c = -one / rows
    return (batch * one + batch * (batch - 1) * c) / batch**2


@wrong("sgd/update", "Pairs parameters and gradients by their order in the dicts, not by their keys.")
class SGD01A:
    def __init__(self, lr=0.01):
        self.lr = lr

    def update(self, params, grads):
        for p, g in zip(params.values(), grads.values()):
            p -= self.lr * g


@wrong(
    "sgd/update",
    "Takes half the step: the 2 in the price |d|²/(2 lr) was not cancelled by the derivative of the square.",
)
class SGD01B:
    def __init__(self, lr=0.01):
        self.lr = lr

    def update(self, params, grads):
        # g + 2 d / lr = 0
        for key in params:
            d = -self.lr * grads[key] / 2
            params[key] += d
