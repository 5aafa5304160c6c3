"""Single slips in the exercises of lesson 01."""

import numpy as np
from blind_collection import wrong


@wrong(
    "sgd/update",
    "Divides the step by the number of entries of the array, as if the gradient were still a sum to be averaged.",
)
class SGD_01_a:
    def __init__(self, lr=0.01):
        self.lr = lr

    def update(self, params, grads):
        for k in params:
            params[k] -= self.lr * grads[k] / params[k].size


@wrong("sgd/update", "The return is indented into the loop: only the first key is updated.")
class SGD_01_b:
    def __init__(self, lr=0.01):
        self.lr = lr

    def update(self, params, grads):
        for key in params:
            params[key] -= self.lr * grads[key]
            return params


@wrong("sgd/worst-factor", "Looks at the steepest axis only; the flattest one may be the one that decides.")
def worst_factor_01_c(lr, curvatures):
    L = np.max(curvatures)
    return abs(1 - lr * L)


@wrong(
    "sgd/largest-stable", "Every step gets the gradient at the start instead of that at the present place."
)
def largest_stable_lr_01_d(make_rule, gradient, start):
    low, high = 0.0, 16.0
    for _ in range(40):
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


wrong(
    "sgd/best-lr",
    "Two over the sum of all three curvatures, 2/11.5, instead of over the smallest plus the largest.",
)(0.174)


@wrong("sgd/noise-floor", "sigma is not squared.")
def noise_floor_01_e(lr, curvature, sigma, batch):
    # V = (1 - lr c)^2 V + lr^2 * noise
    noise = sigma / batch
    return lr**2 * noise / (1 - (1 - lr * curvature) ** 2)


@wrong("sgd/batch-noise", "The correction for drawing without replacement is upside down: (N - 1)/(N - B).")
def batch_noise_01_f(one, rows, batch):
    return one / batch * (rows - 1) / (rows - batch)
