"""Lesson 00: odd answers."""

import numpy as np
from blind_collection import wrong


@wrong("gradients/slopes", "Returns the three numbers as a tuple instead of a dict.")
def slopes3(f, theta, h):
    a = (f(theta + h) - f(theta)) / h
    b = (f(theta + h) - f(theta - h)) / (2 * h)
    c = f(theta + 1j * h).imag / h
    return a, b, c


@wrong(
    "gradients/numerical",
    "The return stands inside the loop over the keys: only the first key is in the result.",
)
def numerical_gradient9(loss, params, h=1e-5):
    grads = {}
    for key, p in params.items():
        g = np.zeros(p.shape)
        for i in np.ndindex(p.shape):
            old = p[i]
            p[i] = old + h
            up = loss(params)
            p[i] = old - h
            down = loss(params)
            p[i] = old
            g[i] = (up - down) / (2 * h)
        grads[key] = g
        return grads


@wrong("gradients/relative-error", "Returns the whole array of relative errors instead of the largest one.")
def relative_error12(a, b):
    size = np.maximum(np.abs(a), np.abs(b))
    size = np.where(size == 0, 1.0, size)
    return np.abs(a - b) / size
