"""Right answers, written in unusual ways, of the tenth blind set, lesson 00."""

import numpy as np
from blind_collection import right


@right("gradients/numerical", "moves copies, along the rows of an identity matrix, and never touches params")
def numerical_gradient_00_r_a(loss, params, h=1e-5):
    def slope(key, direction):
        sides = [loss({**params, key: params[key] + sign * h * direction}) for sign in (1, -1)]
        return (sides[0] - sides[1]) / (2 * h)

    return {
        key: np.array([slope(key, e.reshape(p.shape)) for e in np.eye(p.size)]).reshape(p.shape)
        for key, p in params.items()
    }


@right("gradients/relative-error", "np.divide with where, the larger size from a stacked array")
def relative_error_00_r_b(a, b):
    both = np.abs(np.stack([a, b]))
    larger = both.max(axis=0)
    gap = np.abs(np.subtract(a, b))
    return float(np.divide(gap, larger, out=np.zeros(np.shape(gap)), where=larger != 0).max())


@right(
    "gradients/backprop", "einsum everywhere; the tanh factor as (1 + a)(1 − a); biases as products with ones"
)
def backprop_00_r_c(params, x, t):
    n = x.shape[0]
    a = np.tanh(np.einsum("ki,ij->kj", x, params["W1"]) + params["b1"])
    dz = (np.einsum("ki,ij->kj", a, params["W2"]) + params["b2"] - t) / n
    ds = np.einsum("kj,ij->ki", dz, params["W2"]) * (1 + a) * (1 - a)
    grads = {}
    for layer, inputs, delta in (("2", a, dz), ("1", x, ds)):
        grads["W" + layer] = np.einsum("ki,kj->ij", inputs, delta)
        grads["b" + layer] = np.ones(n) @ delta
    return grads
