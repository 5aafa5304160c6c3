"""Lesson 00: two mistakes each."""

import numpy as np
from blind_collection import wrong


@wrong(
    "gradients/slopes",
    "The forward difference divides by 2h, and the complex step takes the real part instead of the imaginary one.",
)
def slopes2(f, theta, h):
    return {
        "forward": (f(theta + h) - f(theta)) / (2 * h),
        "central": (f(theta + h) - f(theta - h)) / (2 * h),
        "complex": f(theta + 1j * h).real / h,
    }


@wrong(
    "gradients/best-steps",
    "Forward: the factor 2 in front of the root is lost. Central: a square root is taken where a cube root belongs.",
)
def best_steps6(f, f2, f3, r):
    f, f2, f3 = abs(f), abs(f2), abs(f3)
    return {"forward": np.sqrt(r * f / f2), "central": np.sqrt(3 * r * f / f3)}


@wrong(
    "gradients/backprop",
    "The first delta is not divided by n, and Step 4 (the derivative of tanh) is left out.",
)
def backprop14(params, x, t):
    a = np.tanh(x @ params["W1"] + params["b1"])
    z = a @ params["W2"] + params["b2"]
    delta = z - t
    dW2 = a.T @ delta
    db2 = np.sum(delta, axis=0)
    delta = delta @ params["W2"].T
    dW1 = x.T @ delta
    db1 = np.sum(delta, axis=0)
    return {"W1": dW1, "b1": db1, "W2": dW2, "b2": db2}
