"""Lesson 03: wrong in an odd way."""

import numpy as np
from blind_collection import wrong


@wrong("nesterov/look-ahead", "A generator of places in place of an array.")
def look_ahead_03_a(gradient, theta, lr, momentum, steps):
    v = np.zeros_like(theta)
    yield theta
    for _ in range(steps):
        v = momentum * v - lr * gradient(theta + momentum * v)
        theta = theta + v
        yield theta


@wrong("nesterov/limit", "An array, one limit for each curvature, in place of the smallest of them.")
def stable_limit_03_b(momentum, curvatures):
    return (2 + 2 * momentum) / ((1 + 2 * momentum) * curvatures)
