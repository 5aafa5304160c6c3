"""Double slips of the twelfth blind set, lesson 00: two independent mistakes each."""

import numpy as np
from blind_collection import wrong


@wrong(
    "gradients/backprop",
    "b2 takes the mean over the rows instead of the sum: divided by n twice.",
    "The derivative of tanh is 1 − a instead of 1 − a².",
)
def backprop_mean_and_tanh_00_d1(params, x, t):
    n = len(x)
    a = np.tanh(x @ params["W1"] + params["b1"])
    z = a @ params["W2"] + params["b2"]
    d2 = (z - t) / n
    d1 = (d2 @ params["W2"].T) * (1 - a)
    return {
        "W1": x.T @ d1,
        "b1": np.sum(d1, axis=0),
        "W2": a.T @ d2,
        "b2": np.mean(d2, axis=0),
    }


@wrong(
    "gradients/relative-error",
    "Divides by the smaller of the two sizes instead of the larger.",
    "Returns the mean over the entries instead of the largest.",
)
def relative_error_smaller_mean_00_d2(a, b):
    a = np.asarray(a, dtype=float)
    b = np.asarray(b, dtype=float)
    diff = np.abs(a - b)
    low = np.minimum(np.abs(a), np.abs(b))
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(diff == 0, 0.0, diff / low)
    return np.mean(ratio)
