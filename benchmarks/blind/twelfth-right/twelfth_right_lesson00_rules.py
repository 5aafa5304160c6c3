"""Right answers of the twelfth blind set, lesson 00, written in unusual ways."""

import numpy as np
from blind_collection import right


@right("gradients/slopes", "A table of weights and offsets, summed by comprehension; complex with np.imag.")
def slopes_table_00_r1(f, theta, h):
    stencils = {
        "forward": ((1, 1), (-1, 0)),
        "central": ((0.5, 1), (-0.5, -1)),
        "complex": ((1, 1j),),
    }
    sums = {way: sum(w * f(theta + step * h) for w, step in points) / h for way, points in stencils.items()}
    return {way: np.imag(total) if way == "complex" else total for way, total in sums.items()}


@right("gradients/relative-error", "Zeros kept by np.divide with where and out.")
def relative_error_where_00_r2(a, b):
    a = np.atleast_1d(np.asarray(a, dtype=float))
    b = np.atleast_1d(np.asarray(b, dtype=float))
    larger = np.where(np.abs(a) > np.abs(b), np.abs(a), np.abs(b))
    out = np.zeros(larger.shape)
    np.divide(np.abs(a - b), larger, out=out, where=larger > 0)
    return float(out.max())


@right("gradients/backprop", "Biases as the last row of a weight matrix, with a column of ones; einsum.")
def backprop_ones_column_00_r3(params, x, t):
    n = x.shape[0]
    ones = np.ones((n, 1))
    V1 = np.vstack([params["W1"], params["b1"]])
    V2 = np.vstack([params["W2"], params["b2"]])
    X = np.hstack([x, ones])
    a = np.tanh(X @ V1)
    H = np.hstack([a, ones])
    delta = (H @ V2 - t) / n
    G2 = np.einsum("ki,kj->ij", H, delta)
    below = np.einsum("kj,ij->ki", delta, params["W2"]) * (1 + a) * (1 - a)
    G1 = np.einsum("ki,kj->ij", X, below)
    return {"W1": G1[:-1], "b1": G1[-1], "W2": G2[:-1], "b2": G2[-1]}
