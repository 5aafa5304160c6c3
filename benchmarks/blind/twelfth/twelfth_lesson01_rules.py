"""Single slips of the twelfth blind set, lesson 01: one mistake each."""

import numpy as np
from blind_collection import wrong


@wrong("sgd/update", "Every gradient is clipped to the range from −1 to 1 before the step.")
class SGDClipped_01_s1:
    def __init__(self, lr=0.01):
        self.lr = lr

    def update(self, params, grads):
        for name in params:
            g = np.clip(grads[name], -1.0, 1.0)  # against exploding gradients
            params[name] -= self.lr * g


@wrong(
    "sgd/update", "The step is divided by the number of entries of the array, as if the gradient were a sum."
)
class SGDMeanOfEntries_01_s2:
    def __init__(self, lr=0.01):
        self.lr = lr

    def update(self, params, grads):
        for k in params:
            params[k] -= self.lr * grads[k] / grads[k].size


@wrong("sgd/update", "The constructor ignores its argument: the learning rate is always 0.01.")
class SGDFixedRate_01_s3:
    def __init__(self, lr=0.01):
        self.lr = 0.01

    def update(self, params, grads):
        for key, g in grads.items():
            params[key] -= self.lr * g


@wrong("sgd/worst-factor", "The factor is squared: that is what the loss is multiplied by, not the distance.")
def worst_factor_of_loss_01_s4(lr, curvatures):
    factors = 1 - lr * np.asarray(curvatures)
    return np.max(factors**2)


@wrong(
    "sgd/noise-floor",
    "The equation for V is solved wrongly: divided by (1 − ηλ)² instead of by 1 − (1 − ηλ)².",
)
def noise_floor_division_01_s5(lr, curvature, sigma, batch):
    keep = (1 - lr * curvature) ** 2
    noise = lr**2 * sigma**2 / batch
    # V = keep * V + noise
    return noise / keep


@wrong(
    "sgd/batch-noise",
    "The mean product c of two rows' deviations has a plus sign: it should be −s/(N − 1).",
)
def batch_noise_plus_01_s6(one, rows, batch):
    c = one / (rows - 1)
    total = batch * one + batch * (batch - 1) * c
    return total / batch**2
