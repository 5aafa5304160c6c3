"""Lesson 00: two mistakes each."""

import numpy as np
from blind_collection import wrong


@wrong(
    "gradients/backprop",
    "The first δ is not divided by the number of rows.",
    "The derivative of tanh is 1 − a, the square is missing.",
)
def backprop_00_a(params, x, t):
    s = x @ params["W1"] + params["b1"]
    a = np.tanh(s)
    z = a @ params["W2"] + params["b2"]
    delta2 = z - t
    delta1 = (delta2 @ params["W2"].T) * (1 - a)
    return {
        "W1": x.T @ delta1,
        "b1": delta1.sum(axis=0),
        "W2": a.T @ delta2,
        "b2": delta2.sum(axis=0),
    }


@wrong(
    "gradients/slopes",
    "The central difference is divided by h in place of 2h.",
    "The complex step takes the real part.",
)
def slopes_00_b(f, theta, h):
    plus, minus = f(theta + h), f(theta - h)
    z = f(theta + 1j * h)
    return {"forward": (plus - f(theta)) / h, "central": (plus - minus) / h, "complex": z.real / h}
