"""Right answers in unusual ways, lesson 03."""

import numpy as np
from blind_collection import right


@right("nesterov/update", "goes back to the ball, moves the ball, and looks ahead again")
class Nesterov_right_03_a:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr = lr
        self.momentum = momentum
        self.v = {}

    def update(self, params, grads):
        for k, a in params.items():
            v = self.v.get(k, 0.0)
            ball = a - self.momentum * v
            v = self.momentum * v - self.lr * grads[k]
            ball = ball + v
            a[...] = ball + self.momentum * v
            self.v[k] = v


@right("nesterov/limit", "1 + 1/(1 + 2 mu), and the minimum over the directions")
def stable_limit_right_03_b(momentum, curvatures):
    bend = 1 + 1 / (1 + 2 * momentum)
    return min(bend / c for c in curvatures)


@right(
    "nesterov/critical", "the smaller root of the quadratic equation, in the form that never divides by zero"
)
def critical_momentum_right_03_c(lr, curvature):
    # (1 - q) mu^2 - 2 (1 + q) mu + (1 - q) = 0; the product of the roots is 1
    q = lr * curvature
    half_root = np.sqrt((1 + q) ** 2 - (1 - q) ** 2)
    return (1 - q) / (1 + q + half_root)
