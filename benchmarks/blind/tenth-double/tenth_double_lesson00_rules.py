"""Doubles of the tenth blind set, lesson 00: two independent mistakes an answer."""

import numpy as np
from blind_collection import wrong


@wrong(
    "gradients/slopes",
    "Forward: looks back, to θ − h, but divides by +h: the wrong sign.",
    "Complex: takes the real part, which holds f, instead of the imaginary one.",
)
def slopes_00_dd_a(f, theta, h):
    return {
        "forward": (f(theta - h) - f(theta)) / h,
        "central": (f(theta + h) - f(theta - h)) / (2 * h),
        "complex": f(theta + 1j * h).real / h,
    }


@wrong(
    "gradients/backprop",
    "The first δ is not divided by n.",
    "The derivative of tanh is 1 − a, without the square.",
)
def backprop_00_dd_b(params, x, t):
    a = np.tanh(x @ params["W1"] + params["b1"])
    z = a @ params["W2"] + params["b2"]
    d2 = z - t
    d1 = (d2 @ params["W2"].T) * (1 - a)
    return {"W1": x.T @ d1, "b1": d1.sum(axis=0), "W2": a.T @ d2, "b2": d2.sum(axis=0)}
