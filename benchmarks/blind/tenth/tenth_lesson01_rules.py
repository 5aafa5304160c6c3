"""Single slips of the tenth blind set, lesson 01: one mistake an answer."""

import numpy as np
from blind_collection import wrong


@wrong("sgd/update", "Parameters and gradients are paired by their order in the dicts, not by their keys.")
class Sgd_01_a:
    def __init__(self, lr=0.01):
        self.lr = lr

    def update(self, params, grads):
        for p, g in zip(params.values(), grads.values()):
            p -= self.lr * g


@wrong(
    "sgd/update",
    "The gradient is divided by its length, so each array moves by η, however large its gradient is.",
)
class Sgd_01_b:
    def __init__(self, lr=0.01):
        self.lr = lr

    def update(self, params, grads):
        for k in params:
            length = np.linalg.norm(grads[k])
            if length > 0:
                params[k] -= self.lr * grads[k] / length


@wrong("sgd/worst-factor", "Returns the index of the axis that decides, not the size of its factor.")
def worst_factor_01_c(lr, curvatures):
    sizes = np.abs(1 - lr * curvatures)
    return np.argmax(sizes)


wrong("sgd/best-lr", "2 over the sum of all three curvatures; only the smallest and the largest count.")(
    0.174
)


@wrong(
    "sgd/largest-stable",
    "The run uses the upper end of the interval where the middle is meant: the answer is 16 halved some times.",
)
def largest_stable_lr_01_e(make_rule, gradient, start):
    low, high = 0.0, 16.0
    for _ in range(40):
        middle = (low + high) / 2
        rule = make_rule(high)
        params = {"theta": start.copy()}
        for _ in range(400):
            rule.update(params, {"theta": gradient(params["theta"])})
        if np.linalg.norm(params["theta"]) <= np.linalg.norm(start):
            low = middle
        else:
            high = middle
    return low


@wrong("sgd/noise-floor", "The noise enters the equation for V with η instead of η².")
def noise_floor_01_f(lr, curvature, sigma, batch):
    shrink = (1 - lr * curvature) ** 2
    noise = lr * sigma**2 / batch
    return noise / (1 - shrink)
