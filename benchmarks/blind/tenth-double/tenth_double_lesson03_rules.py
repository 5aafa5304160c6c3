"""Doubles of the tenth blind set, lesson 03: two independent mistakes an answer."""

import numpy as np
from blind_collection import wrong


@wrong(
    "nesterov/matrix",
    "The number of θ_{t−1} is −μ, without the factor 1 − ηλ.",
    "The matrix is transposed.",
)
def nesterov_matrix_03_dd_a(lr, momentum, curvature):
    q = lr * curvature
    return np.array([[(1 + momentum) * (1 - q), 1.0], [-momentum, 0.0]])


@wrong(
    "nesterov/look-ahead",
    "The start is left out: only the places after each step are returned.",
    "The ball moves by μ v instead of by the new velocity v.",
)
def look_ahead_03_dd_b(gradient, theta, lr, momentum, steps):
    x = np.array(theta, dtype=float)
    v = np.zeros_like(x)
    path = np.zeros((steps, x.size))
    for i in range(steps):
        ahead = x + momentum * v
        v = momentum * v - lr * gradient(ahead)
        x = x + momentum * v
        path[i] = x
    return path
