"""Lesson 00: right answers in unusual ways."""

import numpy as np
from blind_collection import right


@right("gradients/numerical", "fresh float copies for each of the two losses, flat indices")
def numerical_gradient1(loss, params, h=1e-5):
    def at(key, i, by):
        moved = {k: np.array(p, dtype=float) for k, p in params.items()}
        moved[key].flat[i] += by
        return loss(moved)

    return {
        key: np.array([(at(key, i, h) - at(key, i, -h)) / (2 * h) for i in range(p.size)]).reshape(p.shape)
        for key, p in params.items()
    }


@right("gradients/relative-error", "a plain loop over pairs of numbers")
def relative_error1(a, b):
    worst = 0.0
    for p, q in zip(np.ravel(a).tolist(), np.ravel(b).tolist()):
        if p == q:
            continue
        worst = max(worst, abs(p - q) / max(abs(p), abs(q)))
    return worst


@right("gradients/backprop", "einsum, and 1/cosh² for the derivative of tanh")
def backprop1(params, x, t):
    s = np.einsum("ki,ij->kj", x, params["W1"]) + params["b1"]
    hidden = np.tanh(s)
    out = (np.einsum("ki,ij->kj", hidden, params["W2"]) + params["b2"] - t) / len(t)
    back = np.einsum("kj,ij->ki", out, params["W2"]) / np.cosh(s) ** 2
    ones = np.ones(len(x))
    return {
        "b2": ones @ out,
        "b1": ones @ back,
        "W2": np.einsum("ki,kj->ij", hidden, out),
        "W1": np.einsum("ki,kj->ij", x, back),
    }
