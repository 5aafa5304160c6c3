"""Lesson 00: odd answers, all wrong."""

import numpy as np
from blind_collection import wrong


@wrong("gradients/slopes", "The values are functions that nobody has called, not numbers.")
def slopes1(f, theta, h):
    def forward():
        return (f(theta + h) - f(theta)) / h

    def central():
        return (f(theta + h) - f(theta - h)) / (2 * h)

    def complex_step():
        return f(theta + 1j * h).imag / h

    return {"forward": forward, "central": central, "complex": complex_step}


@wrong("gradients/numerical", "The return stands inside the loop over the keys: only the first key is there.")
def numerical_gradient1(loss, params, h=1e-5):
    grads = {}
    for key in params:
        p = params[key]
        grad = np.zeros_like(p)
        for i in np.ndindex(p.shape):
            keep = p[i]
            p[i] = keep + h
            fp = loss(params)
            p[i] = keep - h
            fm = loss(params)
            p[i] = keep
            grad[i] = (fp - fm) / (2 * h)
        grads[key] = grad
        return grads


@wrong("gradients/relative-error", "Prints the number and returns nothing.")
def relative_error1(a, b):
    a, b = np.asarray(a, float), np.asarray(b, float)
    size = np.maximum(np.abs(a), np.abs(b))
    errors = np.abs(a - b) / np.where(size == 0, 1.0, size)
    print("relative error:", errors.max())
