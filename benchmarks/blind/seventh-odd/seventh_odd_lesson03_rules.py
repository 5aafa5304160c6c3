"""Lesson 03: odd answers, all wrong."""

import numpy as np
from blind_collection import wrong


@wrong(
    "nesterov/look-ahead",
    "theta += v changes the caller's array, and the list holds that one array many times: all rows are the last place.",
)
def look_ahead1(gradient, theta, lr, momentum, steps):
    v = np.zeros_like(theta)
    path = [theta]
    for _ in range(steps):
        a = theta + momentum * v
        v = momentum * v - lr * gradient(a)
        theta += v
        path.append(theta)
    return np.array(path)


@wrong(
    "nesterov/critical",
    "Returns both solutions of the quadratic as an array instead of the one between 0 and 1.",
)
def critical_momentum1(lr, curvature):
    q = lr * curvature
    # (1 - q) (1 + mu)^2 = 4 mu
    return np.roots([1 - q, 2 * (1 - q) - 4, 1 - q])
