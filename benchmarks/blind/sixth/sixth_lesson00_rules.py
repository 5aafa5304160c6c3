"""Lesson 00: one mistake each."""

import numpy as np
from blind_collection import wrong


@wrong(
    "gradients/slopes",
    "The central difference looks half an h to each side, but still divides by 2h: it is half the slope.",
)
def slopes1(f, theta, h):
    forward = (f(theta + h) - f(theta)) / h
    central = (f(theta + h / 2) - f(theta - h / 2)) / (2 * h)
    comp = f(theta + 1j * h).imag / h
    return {"forward": forward, "central": central, "complex": comp}


@wrong(
    "gradients/best-steps",
    "For the central difference the two terms of (6) are set equal instead of the derivative to zero: 6 where 3 should be.",
)
def best_steps5(f, f2, f3, r):
    forward = np.sqrt(4 * r * abs(f) / abs(f2))
    central = (6 * r * abs(f) / abs(f3)) ** (1 / 3)
    return {"forward": forward, "central": central}


@wrong(
    "gradients/numerical",
    "Takes dict(params) for a copy: the entries are never put back, so params stays moved by -h and later entries are differenced at a moved point.",
)
def numerical_gradient8(loss, params, h=1e-5):
    grads = {}
    moved = dict(params)
    for key in moved:
        grads[key] = np.zeros(moved[key].shape)
        for i in np.ndindex(moved[key].shape):
            moved[key][i] += h
            up = loss(moved)
            moved[key][i] -= 2 * h
            down = loss(moved)
            grads[key][i] = (up - down) / (2 * h)
    return grads


@wrong("gradients/relative-error", "Divides by the sum of the two sizes instead of the larger one.")
def relative_error11(a, b):
    difference = np.abs(a - b)
    size = np.abs(a) + np.abs(b)
    safe = np.where(size == 0, 1, size)
    return np.max(difference / safe)


@wrong(
    "gradients/backprop",
    "The derivative of tanh is written 1 - tanh(a)^2, with a already the tanh: tanh is applied twice, W1 and b1 are wrong.",
)
def backprop13(params, x, t):
    s = x @ params["W1"] + params["b1"]
    a = np.tanh(s)
    z = a @ params["W2"] + params["b2"]
    d = (z - t) / len(x)
    grads = {"W2": a.T @ d, "b2": d.sum(axis=0)}
    d = (d @ params["W2"].T) * (1 - np.tanh(a) ** 2)
    grads["W1"] = x.T @ d
    grads["b1"] = d.sum(axis=0)
    return grads
