"""Single slips of the twelfth blind set, lesson 03: one mistake each."""

import numpy as np
from blind_collection import wrong


@wrong(
    "nesterov/update",
    "In PyTorch's form g and the buffer have exchanged roles: the step is η(μg + b) instead of η(g + μb).",
)
class NesterovSwapped_03_s1:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr = lr
        self.momentum = momentum
        self.v = {}

    def update(self, params, grads):
        for k, g in grads.items():
            # v = -lr * buf
            self.v[k] = self.momentum * self.v.get(k, 0.0) - self.lr * g
            params[k] += self.v[k] - self.momentum * self.lr * g


@wrong(
    "nesterov/update",
    "Stores the whole displacement of the stored point as the velocity, instead of μv − ηg.",
)
class NesterovKeepsDisplacement_03_s2:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr, self.momentum = lr, momentum
        self.v = {}

    def update(self, params, grads):
        mu = self.momentum
        for k in params:
            v = self.v.get(k, np.zeros_like(params[k]))
            move = mu**2 * v - (1 + mu) * self.lr * grads[k]
            params[k] += move
            self.v[k] = move


@wrong(
    "nesterov/look-ahead",
    "Returns the look-ahead points a instead of the places θ of the ball.",
)
def look_ahead_returns_a_03_s3(gradient, theta, lr, momentum, steps):
    x = np.array(theta, dtype=float)
    v = np.zeros_like(x)
    points = [x.copy()]
    for _ in range(steps):
        a = x + momentum * v
        v = momentum * v - lr * gradient(a)
        x = x + v
        points.append(x + momentum * v)
    return np.array(points)


@wrong(
    "nesterov/matrix",
    "In the entry for θ_{t−1} the factor 1 − ηλ is missing: −μ as in momentum's matrix.",
)
def nesterov_matrix_entry_03_s4(lr, momentum, curvature):
    shrink = 1 - lr * curvature
    return np.array([[(1 + momentum) * shrink, -momentum], [1.0, 0.0]])


@wrong(
    "nesterov/limit",
    "Momentum's limit of lesson 02, 2(1 + μ)/λ: the division by 1 + 2μ is missing.",
)
def stable_limit_lesson02_03_s5(momentum, curvatures):
    return 2 * (1 + momentum) / np.max(curvatures)


@wrong(
    "nesterov/critical",
    "q itself stands where its square root belongs: (1 − q)/(1 + q).",
)
def critical_no_root_03_s6(lr, curvature):
    q = lr * curvature
    return (1 - q) / (1 + q)
