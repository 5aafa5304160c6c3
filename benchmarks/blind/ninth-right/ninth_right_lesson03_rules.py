"""Lesson 03: right, in an unusual way."""

import numpy as np
from blind_collection import right


@right("nesterov/update", "Velocity with the opposite sign; moves by μ w + ηg with the new w.")
class Nesterov_03_a:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr = lr
        self.momentum = momentum
        self.v = {}

    def update(self, params, grads):
        for k in grads:
            pull = self.lr * grads[k]
            self.v[k] = self.momentum * self.v[k] + pull if k in self.v else pull
            params[k] -= self.momentum * self.v[k] + pull


@right("nesterov/look-ahead", "Fills an array from the two places before; no velocity is kept.")
def look_ahead_03_b(gradient, theta, lr, momentum, steps):
    places = np.empty((steps + 2, len(theta)))
    places[:2] = theta  # at rest: the place before the start is the start
    for k in range(2, steps + 2):
        a = (1 + momentum) * places[k - 1] - momentum * places[k - 2]
        places[k] = a - lr * gradient(a)
    return places[1:]


@right("nesterov/critical", "As a hyperbolic tangent: tanh(−ln q / 4).")
def critical_momentum_03_c(lr, curvature):
    with np.errstate(divide="ignore"):  # q = 0: tanh(∞) = 1
        return np.tanh(-np.log(lr * curvature) / 4)
