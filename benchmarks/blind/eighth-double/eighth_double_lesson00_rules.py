"""Lesson 00: two mistakes each."""

import numpy as np
from blind_collection import wrong


@wrong(
    "gradients/backprop",
    "The first delta is not divided by the number of rows n.",
    "The derivative of tanh is written as 1 - a, without the square.",
)
def backprop_00_a(params, x, t):
    s = x @ params["W1"] + params["b1"]
    a = np.tanh(s)
    z = a @ params["W2"] + params["b2"]
    dz = z - t
    da = dz @ params["W2"].T
    ds = da * (1 - a)
    return {
        "W1": x.T @ ds,
        "b1": np.sum(ds, axis=0),
        "W2": a.T @ dz,
        "b2": np.sum(dz, axis=0),
    }


@wrong(
    "gradients/best-steps",
    "Forward: overlooks the 2 in h/2, so the result is √(2 r f / f2) instead of √(4 r f / f2).",
    "Central: leaves out the absolute values, so the distance can be negative.",
)
def best_steps_00_a(f, f2, f3, r):
    forward = np.sqrt(2 * r * abs(f) / abs(f2))
    central = np.cbrt(3 * r * f / f3)
    return {"forward": forward, "central": central}
