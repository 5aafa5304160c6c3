"""Lesson 00: one mistake each."""

import numpy as np
from blind_collection import wrong


@wrong(
    "gradients/slopes",
    "The forward difference looks backwards: it uses f(theta - h) instead of f(theta + h).",
)
def slopes_00_a(f, theta, h):
    ahead = f(theta + h)
    behind = f(theta - h)
    return {
        "forward": (f(theta) - behind) / h,
        "central": (ahead - behind) / (2 * h),
        "complex": f(theta + 1j * h).imag / h,
    }


@wrong(
    "gradients/best-steps",
    "For the central difference the two terms of the bound are set equal, instead of its derivative being set to zero: 6 under the cube root instead of 3.",
)
def best_steps_00_a(f, f2, f3, r):
    # both terms have to be the same size
    forward = np.sqrt(4 * r * abs(f) / abs(f2))
    central = np.cbrt(6 * r * abs(f) / abs(f3))
    return {"forward": forward, "central": central}


@wrong(
    "gradients/numerical",
    "After the upper loss h is taken away only once, so the lower loss is that of the starting point and every slope is half as large as it should be.",
)
def numerical_gradient_00_a(loss, params, h=1e-5):
    grads = {}
    for key, p in params.items():
        grad = np.zeros(p.shape)
        for i in np.ndindex(p.shape):
            old = p[i]
            p[i] += h
            up = loss(params)
            p[i] -= h
            down = loss(params)
            p[i] = old
            grad[i] = (up - down) / (2 * h)
        grads[key] = grad
    return grads


@wrong(
    "gradients/relative-error",
    "Divides the largest difference by the largest number of the whole arrays, not entry by entry.",
)
def relative_error_00_a(a, b):
    a, b = np.asarray(a), np.asarray(b)
    biggest = max(np.max(np.abs(a)), np.max(np.abs(b)))
    if biggest == 0:
        return 0.0
    return np.max(np.abs(a - b)) / biggest


@wrong(
    "gradients/backprop",
    "The derivative of tanh is written as 1 - s², with the sum s before the tanh instead of its output a.",
)
def backprop_00_a(params, x, t):
    n = len(x)
    s = x @ params["W1"] + params["b1"]
    a = np.tanh(s)
    z = a @ params["W2"] + params["b2"]
    delta = (z - t) / n
    dW2 = a.T @ delta
    db2 = delta.sum(axis=0)
    delta = delta @ params["W2"].T * (1 - s**2)
    return {"W1": x.T @ delta, "b1": delta.sum(axis=0), "W2": dW2, "b2": db2}
