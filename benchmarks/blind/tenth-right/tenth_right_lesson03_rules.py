"""Right answers, written in unusual ways, of the tenth blind set, lesson 03."""

from itertools import accumulate

import numpy as np
from blind_collection import right


@right("nesterov/update", "from the ball: goes back to it by the old velocity, moves it, looks ahead again")
class Nesterov_03_r_a:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr = lr
        self.momentum = momentum
        self.v = {}

    def update(self, params, grads):
        mu = self.momentum
        for k, a in params.items():
            v = self.v.get(k, 0.0)
            ball = a - mu * v
            self.v[k] = mu * v - self.lr * grads[k]
            ball = ball + self.v[k]
            a[...] = ball + mu * self.v[k]


@right("nesterov/look-ahead", "itertools.accumulate over pairs of the last two places, without a velocity")
def look_ahead_03_r_b(gradient, theta, lr, momentum, steps):
    def roll(pair, _):
        before, now = pair
        ahead = (1 + momentum) * now - momentum * before
        return now, ahead - lr * gradient(ahead)

    pairs = accumulate(range(steps), roll, initial=(theta, theta))
    return np.array([now for _, now in pairs], dtype=float)


@right("nesterov/critical", "the other form of the fraction, (1 − q)/(1 + √q)², which has no 0/0 at q = 1")
def critical_momentum_03_r_c(lr, curvature):
    q = lr * curvature
    return (1 - q) / (1 + q**0.5) ** 2
