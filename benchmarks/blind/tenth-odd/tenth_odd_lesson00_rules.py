"""Strange answers of the tenth blind set, lesson 00."""

import numpy as np
from blind_collection import wrong


@wrong(
    "gradients/numerical",
    "A generator of pairs (key, gradient) instead of a dict: yield where return belongs.",
)
def numerical_gradient_00_odd_a(loss, params, h=1e-5):
    for key in params:
        p = params[key]
        g = np.zeros_like(p)
        for idx in np.ndindex(p.shape):
            keep = p[idx]
            p[idx] = keep + h
            plus = loss(params)
            p[idx] = keep - h
            minus = loss(params)
            p[idx] = keep
            g[idx] = (plus - minus) / (2 * h)
        yield key, g


@wrong("gradients/best-steps", "The two numbers are returned as text, formatted like 1.23e-08.")
def best_steps_00_odd_b(f, f2, f3, r):
    h_fwd = 2 * (r * abs(f) / abs(f2)) ** 0.5
    h_cen = (3 * r * abs(f) / abs(f3)) ** (1 / 3)
    return {"forward": f"{h_fwd:.2e}", "central": f"{h_cen:.2e}"}
