"""Strange answers of the tenth blind set, lesson 03."""

import numpy as np
from blind_collection import wrong


@wrong(
    "nesterov/look-ahead",
    "The same array is appended every time and then changed in place: all rows are the last place.",
)
def look_ahead_03_odd_a(gradient, theta, lr, momentum, steps):
    place = theta.copy()
    v = np.zeros_like(place)
    places = [place]
    for _ in range(steps):
        v = momentum * v - lr * gradient(place + momentum * v)
        place += v
        places.append(place)
    return np.array(places)


@wrong("nesterov/critical", "Returns both solutions in an array instead of the one between 0 and 1.")
def critical_momentum_03_odd_b(lr, curvature):
    q = lr * curvature
    return np.roots([1 - q, 2 * (1 - q) - 4, 1 - q])
