"""Odd answers, lesson 03."""

import numpy as np
from blind_collection import wrong


@wrong("nesterov/slip", "A function that is not called, instead of the letter it returns.")
def slipped_line_odd_03_a():
    return "C"


@wrong(
    "nesterov/look-ahead",
    "theta += v changes the caller's array, and the same array is appended each time, so all rows are the last place.",
)
def look_ahead_odd_03_b(gradient, theta, lr, momentum, steps):
    v = np.zeros_like(theta)
    places = [theta]
    for _ in range(steps):
        v = momentum * v - lr * gradient(theta + momentum * v)
        theta += v
        places.append(theta)
    return np.array(places)
