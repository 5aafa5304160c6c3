"""Lesson 01: two mistakes each."""

from blind_collection import wrong


@wrong(
    "sgd/update",
    "Goes uphill: the step is added.",
    "Divides the gradient by the number of its entries, as if it were a sum over them.",
)
class SGD_01_a:
    def __init__(self, lr=0.01):
        self.lr = lr

    def update(self, params, grads):
        for k in params:
            params[k] += self.lr * grads[k] / grads[k].size


@wrong(
    "sgd/noise-floor",
    "The old part's factor 1 − ηλ is not squared.",
    "The standard deviation is divided by B, not by its root.",
)
def noise_floor_01_b(lr, curvature, sigma, batch):
    keep = 1 - lr * curvature
    noise = lr**2 * (sigma / batch) ** 2
    return noise / (1 - keep)
