"""Single slips of the tenth blind set, lesson 00: one mistake an answer."""

import numpy as np
from blind_collection import wrong


@wrong(
    "gradients/slopes",
    "Central: the two points are only h apart (θ ± h/2), but their difference is divided by 2h: half of the slope.",
)
def slopes_00_a(f, theta, h):
    forward = (f(theta + h) - f(theta)) / h
    central = (f(theta + h / 2) - f(theta - h / 2)) / (2 * h)
    cplx = f(theta + 1j * h).imag / h
    return {"forward": forward, "central": central, "complex": cplx}


@wrong(
    "gradients/best-steps",
    "Central: no absolute value, so the distance is negative where f and f''' have opposite signs.",
)
def best_steps_00_b(f, f2, f3, r):
    forward = 2 * np.sqrt(r * abs(f) / abs(f2))
    central = np.cbrt(3 * r * f / f3)
    return {"forward": forward, "central": central}


@wrong(
    "gradients/numerical",
    "The index runs over the first axis only, so a whole row of a matrix is moved at once and gets one number.",
)
def numerical_gradient_00_c(loss, params, h=1e-5):
    result = {}
    for key, p in params.items():
        grad = np.zeros(p.shape)
        for i in np.ndindex(p.shape[:1]):
            old = p[i].copy()
            p[i] = old + h
            up = loss(params)
            p[i] = old - h
            down = loss(params)
            p[i] = old
            grad[i] = (up - down) / (2 * h)
        result[key] = grad
    return result


@wrong(
    "gradients/relative-error",
    "The largest difference is divided by the largest number of both arrays, not entry by entry.",
)
def relative_error_00_d(a, b):
    a, b = np.asarray(a), np.asarray(b)
    biggest = max(np.max(np.abs(a)), np.max(np.abs(b)))
    if biggest == 0:
        return 0.0
    return np.max(np.abs(a - b)) / biggest


@wrong("gradients/backprop", "The derivative of tanh is written as 1 − s², with s where a belongs.")
def backprop_00_e(params, x, t):
    s = x @ params["W1"] + params["b1"]
    a = np.tanh(s)
    z = a @ params["W2"] + params["b2"]
    delta = (z - t) / len(x)
    grads = {"W2": a.T @ delta, "b2": delta.sum(axis=0)}
    delta = (delta @ params["W2"].T) * (1 - s**2)
    grads["W1"] = x.T @ delta
    grads["b1"] = delta.sum(axis=0)
    return grads


@wrong(
    "gradients/backprop",
    "W1 takes the derivatives with respect to a, from before tanh; b1 takes the right ones.",
)
def backprop_00_f(params, x, t):
    n = x.shape[0]
    a = np.tanh(x @ params["W1"] + params["b1"])
    z = a @ params["W2"] + params["b2"]
    dz = (z - t) / n
    da = dz @ params["W2"].T
    ds = da * (1 - a**2)
    return {
        "W1": x.T @ da,
        "b1": ds.sum(axis=0),
        "W2": a.T @ dz,
        "b2": dz.sum(axis=0),
    }
