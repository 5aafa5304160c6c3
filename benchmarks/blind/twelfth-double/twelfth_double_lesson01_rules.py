"""Double slips of the twelfth blind set, lesson 01: two independent mistakes each."""

from blind_collection import wrong


@wrong(
    "sgd/noise-floor",
    "σ is not squared: the standard deviation stands where the variance belongs.",
    "The curvature in front of the bracket in the denominator is missing.",
)
def noise_floor_sigma_and_curvature_01_d1(lr, curvature, sigma, batch):
    return lr * sigma / (batch * (2 - lr * curvature))


@wrong(
    "sgd/update",
    "The step goes uphill: the gradient is added.",
    "The return stands inside the loop: only the first key is changed.",
)
class SGDUphillFirstKey_01_d2:
    def __init__(self, lr=0.01):
        self.lr = lr

    def update(self, params, grads):
        for k in params:
            params[k] += self.lr * grads[k]
            return params
