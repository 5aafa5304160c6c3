"""Two mistakes in one answer, lesson 00."""

import numpy as np
from blind_collection import wrong


@wrong(
    "gradients/backprop",
    "delta of z is (z - t)/(2n): the 2 that the derivative cancels is still there.",
    "The gradient of W2 is made with s instead of a.",
)
def backprop_double_00_a(params, x, t):
    s = x @ params["W1"] + params["b1"]
    a = np.tanh(s)
    z = a @ params["W2"] + params["b2"]
    d = (z - t) / (2 * len(x))
    ds = d @ params["W2"].T * (1 - a * a)
    return {"W1": x.T @ ds, "b1": ds.sum(0), "W2": s.T @ d, "b2": d.sum(0)}


@wrong(
    "gradients/slopes",
    "The forward difference is divided by 2h instead of h.",
    "The complex step is not divided by h.",
)
def slopes_double_00_b(f, theta, h):
    return {
        "forward": (f(theta + h) - f(theta)) / (2 * h),
        "central": (f(theta + h) - f(theta - h)) / (2 * h),
        "complex": f(theta + 1j * h).imag,
    }
