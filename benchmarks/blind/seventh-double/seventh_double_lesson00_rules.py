"""Lesson 00: two mistakes each."""

import numpy as np
from blind_collection import wrong


@wrong(
    "gradients/best-steps",
    "Forward: the factor 2 before the root is lost.",
    "Central: a square root instead of a cube root.",
)
def best_steps1(f, f2, f3, r):
    forward = np.sqrt(r * abs(f) / abs(f2))
    central = np.sqrt(3 * r * abs(f) / abs(f3))
    return {"forward": forward, "central": central}


@wrong(
    "gradients/backprop",
    "The first delta is not divided by the number of rows.",
    "Uses the derivative of the sigmoid, a (1 - a), for tanh.",
)
def backprop1(params, x, t):
    a = np.tanh(x @ params["W1"] + params["b1"])
    z = a @ params["W2"] + params["b2"]
    d2 = z - t
    d1 = d2 @ params["W2"].T * a * (1 - a)
    return {
        "W1": x.T @ d1,
        "b1": np.sum(d1, axis=0),
        "W2": a.T @ d2,
        "b2": np.sum(d2, axis=0),
    }
