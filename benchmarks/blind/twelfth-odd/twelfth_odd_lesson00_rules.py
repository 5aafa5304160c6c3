"""Odd answers of the twelfth blind set, lesson 00."""

import numpy as np
from blind_collection import wrong


@wrong(
    "gradients/numerical",
    "A generator: it yields pairs of key and gradient instead of returning a dict.",
)
def numerical_generator_00_o1(loss, params, h=1e-5):
    for key, p in params.items():
        g = np.empty(p.shape)
        for i in np.ndindex(p.shape):
            saved = p[i]
            p[i] = saved + h
            up = loss(params)
            p[i] = saved - h
            g[i] = (up - loss(params)) / (2 * h)
            p[i] = saved
        yield key, g


@wrong(
    "gradients/best-steps",
    "The dict holds functions of nothing that would have to be called, instead of the two numbers.",
)
def best_steps_lazy_00_o2(f, f2, f3, r):
    return {
        "forward": lambda: 2 * np.sqrt(r * abs(f / f2)),
        "central": lambda: np.cbrt(3 * r * abs(f / f3)),
    }
