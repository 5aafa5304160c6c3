"""Right answers of the twelfth blind set, lesson 03, written in unusual ways."""

import numpy as np
from blind_collection import right


@right("nesterov/update", "The velocity is an array changed in place; the step is v' + μ(v' − v).")
class NesterovInPlace_03_r1:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr = lr
        self.momentum = momentum
        self.v = {}

    def update(self, params, grads):
        for k in grads:
            v = self.v.setdefault(k, np.zeros(np.shape(grads[k])))
            old = v.copy()
            v *= self.momentum
            v -= self.lr * grads[k]
            params[k] += v + self.momentum * (v - old)


@right("nesterov/look-ahead", "No velocity: a preallocated array, the displacement from the two last rows.")
def look_ahead_rows_03_r2(gradient, theta, lr, momentum, steps):
    places = np.zeros((steps + 1, len(theta)))
    places[0] = theta
    for t in range(steps):
        a = places[t] + momentum * (places[t] - places[max(t - 1, 0)])
        places[t + 1] = a - lr * gradient(a)
    return places


@right(
    "nesterov/critical", "The smaller root of the quadratic equation, by the formula that cancels nothing."
)
def critical_quadratic_03_r3(lr, curvature):
    q = lr * curvature
    # (1 - q) mu^2 - 2 (1 + q) mu + (1 - q) = 0
    half_b, c = 1 + q, 1 - q
    return c / (half_b + np.sqrt(half_b**2 - c**2))
