"""Lesson 00: one mistake each."""

import numpy as np
from blind_collection import wrong


@wrong("gradients/slopes", "The complex step is not divided by h.")
def slopes1(f, theta, h):
    up, down = f(theta + h), f(theta - h)
    return {
        "forward": (up - f(theta)) / h,
        "central": (up - down) / (2 * h),
        "complex": f(theta + 1j * h).imag,
    }


@wrong("gradients/slopes", "Under the name of the forward difference it returns the backward one.")
def slopes2(f, theta, h):
    here = f(theta)
    forward = (here - f(theta - h)) / h
    central = (f(theta + h) - f(theta - h)) / (2 * h)
    z = f(theta + 1j * h)
    return {"forward": forward, "central": central, "complex": z.imag / h}


@wrong(
    "gradients/best-steps",
    "Differentiates h² / 6 to h / 6 instead of h / 3: a 6 where a 3 belongs under the cube root.",
)
def best_steps1(f, f2, f3, r):
    # h/2 |f2| + 2r|f|/h   ->  |f2|/2 = 2r|f|/h^2
    # h^2/6 |f3| + r|f|/h  ->  h|f3|/6 = r|f|/h^2
    f, f2, f3 = abs(f), abs(f2), abs(f3)
    return {"forward": 2 * np.sqrt(r * f / f2), "central": (6 * r * f / f3) ** (1 / 3)}


@wrong(
    "gradients/numerical",
    "Goes back by adding h again instead of writing the old number: params is not the same to the last bit.",
)
def numerical_gradient1(loss, params, h=1e-5):
    grads = {}
    for key, p in params.items():
        grads[key] = np.zeros(p.shape)
        for i in np.ndindex(p.shape):
            p[i] += h
            plus = loss(params)
            p[i] -= 2 * h
            minus = loss(params)
            p[i] += h
            grads[key][i] = (plus - minus) / (2 * h)
    return grads


@wrong("gradients/relative-error", "The larger of a and b is taken with their signs, not of their sizes.")
def relative_error1(a, b):
    a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    larger = np.maximum(a, b)
    safe = np.where((a == 0) & (b == 0), 1.0, larger)
    with np.errstate(divide="ignore"):
        return float(np.max(np.abs(a - b) / safe))


@wrong("gradients/backprop", "The derivative of tanh is written as (1 - a)² instead of 1 - a².")
def backprop1(params, x, t):
    n = len(x)
    a = np.tanh(x @ params["W1"] + params["b1"])
    z = a @ params["W2"] + params["b2"]
    dz = (z - t) / n
    da = dz @ params["W2"].T
    ds = da * (1 - a) ** 2
    return {"W1": x.T @ ds, "b1": ds.sum(axis=0), "W2": a.T @ dz, "b2": dz.sum(axis=0)}


@wrong(
    "gradients/backprop", "b2 gets the mean over the rows instead of the sum, though delta holds 1/n already."
)
def backprop2(params, x, t):
    s = np.dot(x, params["W1"]) + params["b1"]
    a = np.tanh(s)
    z = np.dot(a, params["W2"]) + params["b2"]
    delta = (z - t) / x.shape[0]
    g = {}
    g["b2"] = delta.mean(axis=0)
    g["W2"] = np.dot(a.T, delta)
    delta = np.dot(delta, params["W2"].T) * (1 - a**2)
    g["b1"] = delta.sum(axis=0)
    g["W1"] = np.dot(x.T, delta)
    return g
