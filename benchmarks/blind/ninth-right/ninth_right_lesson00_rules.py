"""Lesson 00: right, in an unusual way."""

import copy

import numpy as np
from blind_collection import right


@right("gradients/numerical", "Copies all parameters anew for every loss, and never touches the given ones.")
def numerical_gradient_00_a(loss, params, h=1e-5):
    def moved(key, index, by):
        other = copy.deepcopy(params)
        other[key][index] += by
        return loss(other)

    return {
        key: np.array(
            [(moved(key, i, h) - moved(key, i, -h)) / (2 * h) for i in np.ndindex(p.shape)]
        ).reshape(p.shape)
        for key, p in params.items()
    }


@right(
    "gradients/relative-error", "Keeps only the unequal pairs and divides by the larger size from a stack."
)
def relative_error_00_b(a, b):
    both = np.stack([np.ravel(a), np.ravel(b)]).astype(float)
    both = both[:, both[0] != both[1]]
    if both.shape[1] == 0:
        return 0.0
    return float(np.max(np.ptp(both, axis=0) / np.abs(both).max(axis=0)))


@right("gradients/backprop", "Biases as a further row of the weights, products by einsum.")
def backprop_00_c(params, x, t):
    n = len(x)
    ones = np.ones((n, 1))
    x1 = np.hstack([x, ones])
    a = np.tanh(x1 @ np.vstack([params["W1"], params["b1"]]))
    a1 = np.hstack([a, ones])
    dz = (a1 @ np.vstack([params["W2"], params["b2"]]) - t) / n
    second = np.einsum("ki,kj->ij", a1, dz)
    ds = np.einsum("kj,ij,ki->ki", dz, params["W2"], 1 - a**2)
    first = np.einsum("ki,kj->ij", x1, ds)
    return {"W1": first[:-1], "b1": first[-1], "W2": second[:-1], "b2": second[-1]}
