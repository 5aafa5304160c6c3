"""Two mistakes in one answer, lesson 01."""

import numpy as np
from blind_collection import wrong


@wrong(
    "sgd/noise-floor",
    "The noise of a batch is divided by the root of the batch, as if sigma squared were a standard deviation.",
    "A wrong sign: 2 + lr curvature instead of 2 - lr curvature.",
)
def noise_floor_double_01_a(lr, curvature, sigma, batch):
    return lr * sigma**2 / np.sqrt(batch) / (curvature * (2 + lr * curvature))


@wrong(
    "sgd/update",
    "Goes uphill: the step is added.",
    "Multiplies the caller's gradients by lr in place.",
)
class SGD_double_01_b:
    def __init__(self, lr=0.01):
        self.lr = lr

    def update(self, params, grads):
        for k in params:
            grads[k] *= self.lr
            params[k] += grads[k]
