"""Single slips in the exercises of lesson 00."""

import numpy as np
from blind_collection import wrong


@wrong(
    "gradients/slopes",
    "The complex step goes to theta - ih instead of theta + ih, so that slope has the wrong sign.",
)
def slopes_00_a(f, theta, h):
    forward = (f(theta + h) - f(theta)) / h
    central = (f(theta + h) - f(theta - h)) / (2 * h)
    z = f(theta - 1j * h)
    return {"forward": forward, "central": central, "complex": z.imag / h}


@wrong(
    "gradients/best-steps",
    "The derivative of h/2 |f''| was taken to be |f''|, the half got lost: sqrt(2 r|f|/|f''|) instead of sqrt(4 r|f|/|f''|).",
)
def best_steps_00_b(f, f2, f3, r):
    # derivative of (5): |f2| - 2 r |f| / h^2 = 0
    forward = np.sqrt(2 * r * abs(f) / abs(f2))
    central = (3 * r * abs(f) / abs(f3)) ** (1 / 3)
    return {"forward": forward, "central": central}


@wrong(
    "gradients/numerical",
    "After + h it only goes back by h, so the second loss is that of the old place, yet it divides by 2h: half a forward difference.",
)
def numerical_gradient_00_c(loss, params, h=1e-5):
    result = {}
    for key, p in params.items():
        result[key] = np.zeros(p.shape)
        for i in np.ndindex(p.shape):
            old = p[i]
            p[i] += h
            plus = loss(params)
            p[i] -= h
            minus = loss(params)
            result[key][i] = (plus - minus) / (2 * h)
            p[i] = old
    return result


@wrong(
    "gradients/relative-error",
    "Divides the largest difference by the largest number of the whole arrays, instead of dividing entry by entry.",
)
def relative_error_00_d(a, b):
    difference = np.max(np.abs(a - b))
    biggest = max(np.max(np.abs(a)), np.max(np.abs(b)))
    if biggest == 0:
        return 0.0
    return difference / biggest


@wrong(
    "gradients/backprop",
    "The gradient of b2 is the mean of delta over the rows instead of the sum: divided by n once more.",
)
def backprop_00_e(params, x, t):
    n = len(x)
    a = np.tanh(x @ params["W1"] + params["b1"])
    z = a @ params["W2"] + params["b2"]
    dz = (z - t) / n
    ds = (dz @ params["W2"].T) * (1 - a**2)
    return {
        "W1": x.T @ ds,
        "b1": ds.sum(axis=0),
        "W2": a.T @ dz,
        "b2": dz.mean(axis=0),
    }


@wrong(
    "gradients/backprop",
    "The derivative of tanh takes tanh of a once more: 1 - tanh(a)^2 instead of 1 - a^2.",
)
def backprop_00_f(params, x, t):
    s = x @ params["W1"] + params["b1"]
    a = np.tanh(s)
    z = a @ params["W2"] + params["b2"]
    delta = (z - t) / x.shape[0]
    grads = {"b2": np.sum(delta, axis=0), "W2": a.T @ delta}
    delta = delta @ params["W2"].T
    delta = delta * (1 - np.tanh(a) ** 2)
    grads["b1"] = np.sum(delta, axis=0)
    grads["W1"] = x.T @ delta
    return grads
