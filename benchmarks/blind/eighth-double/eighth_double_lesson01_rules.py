"""Lesson 01: two mistakes each."""

import numpy as np
from blind_collection import wrong


@wrong(
    "sgd/noise-floor",
    "The noise enters with η instead of η².",
    "A batch of B divides the mean square by B² instead of by B.",
)
def noise_floor_01_a(lr, curvature, sigma, batch):
    keep = (1 - lr * curvature) ** 2
    noise = lr * (sigma / batch) ** 2
    return noise / (1 - keep)


@wrong(
    "sgd/update", "Adds the gradient instead of subtracting it.", "Shrinks the learning rate after each call."
)
class SGD01A:
    def __init__(self, lr=0.01):
        self.lr = lr

    def update(self, params, grads):
        for key in params:
            params[key] += self.lr * grads[key]
        self.lr = self.lr * 0.9
