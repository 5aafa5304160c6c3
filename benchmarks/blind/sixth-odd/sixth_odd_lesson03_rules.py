"""Lesson 03: odd answers."""

import numpy as np
from blind_collection import wrong


@wrong("nesterov/look-ahead", "The start is not in the result: steps rows instead of steps + 1.")
def look_ahead2(gradient, theta, lr, momentum, steps):
    v = np.zeros(theta.shape)
    places = []
    for _ in range(steps):
        v = momentum * v - lr * gradient(theta + momentum * v)
        theta = theta + v
        places.append(theta)
    return np.array(places)


@wrong(
    "nesterov/critical",
    "Returns both solutions of the quadratic equation, as an array, instead of the one between 0 and 1.",
)
def critical_momentum11(lr, curvature):
    q = lr * curvature
    return np.roots([1 - q, 2 * (1 - q) - 4, 1 - q])
