"""Lesson 00: odd answers."""

import numpy as np
from blind_collection import wrong


@wrong("gradients/slopes", "Returns a tuple of three numbers instead of a dict.")
def slopes_00_a(f, theta, h):
    forward = (f(theta + h) - f(theta)) / h
    central = (f(theta + h) - f(theta - h)) / (2 * h)
    complex_step = f(theta + 1j * h).imag / h
    return forward, central, complex_step


@wrong("gradients/numerical", "The return stands inside the loop: only the first key gets a gradient.")
def numerical_gradient_00_a(loss, params, h=1e-5):
    grads = {}
    for key in params:
        p = params[key]
        grads[key] = np.zeros_like(p)
        for i in np.ndindex(p.shape):
            old = p[i]
            p[i] = old + h
            up = loss(params)
            p[i] = old - h
            down = loss(params)
            p[i] = old
            grads[key][i] = (up - down) / (2 * h)
        return grads
