"""Lesson 03: odd answers."""

import numpy as np
from blind_collection import wrong


@wrong("nesterov/look-ahead", "Moves the caller's array: theta += v changes the start that was handed in.")
def look_ahead_03_a(gradient, theta, lr, momentum, steps):
    v = np.zeros_like(theta)
    places = [theta.copy()]
    for _ in range(steps):
        v = momentum * v - lr * gradient(theta + momentum * v)
        theta += v
        places.append(theta.copy())
    return np.array(places)


@wrong("nesterov/limit", "Returns the inner function instead of calling it.")
def stable_limit_03_a(momentum, curvatures):
    def limit():
        L = np.max(curvatures)
        return (2 + 2 * momentum) / (1 + 2 * momentum) / L

    return limit


value_03_a = wrong("nesterov/slip", "Names two lines in a list, where one letter is asked for.")(["B", "C"])
