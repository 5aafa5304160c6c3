"""Odd answers, lesson 00."""

import numpy as np
from blind_collection import wrong


@wrong("gradients/relative-error", "Returns text, a formatted number, instead of a number.")
def relative_error_odd_00_a(a, b):
    a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    larger = np.maximum(np.abs(a), np.abs(b))
    larger = np.where(larger == 0, 1.0, larger)
    return f"{np.max(np.abs(a - b) / larger):.2e}"


@wrong("gradients/numerical", "A generator: it yields pairs of key and array instead of returning a dict.")
def numerical_gradient_odd_00_b(loss, params, h=1e-5):
    for key in params:
        p = params[key]
        g = np.zeros(p.shape)
        for i in np.ndindex(p.shape):
            old = p[i]
            p[i] = old + h
            up = loss(params)
            p[i] = old - h
            down = loss(params)
            p[i] = old
            g[i] = (up - down) / (2 * h)
        yield key, g
