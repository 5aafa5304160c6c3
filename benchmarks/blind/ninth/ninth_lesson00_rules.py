"""Lesson 00: one mistake each."""

import numpy as np
from blind_collection import wrong


@wrong("gradients/slopes", "The complex slope is the imaginary part, without the division by h.")
def slopes_00_a(f, theta, h):
    forward = (f(theta + h) - f(theta)) / h
    central = (f(theta + h) - f(theta - h)) / (2 * h)
    return {"forward": forward, "central": central, "complex": f(theta + 1j * h).imag}


@wrong("gradients/slopes", "The central difference goes half of h to each side but is still divided by 2h.")
def slopes_00_b(f, theta, h):
    result = {}
    result["forward"] = (f(theta + h) - f(theta)) / h
    result["central"] = (f(theta + h / 2) - f(theta - h / 2)) / (2 * h)
    result["complex"] = np.imag(f(theta + h * 1j)) / h
    return result


@wrong("gradients/best-steps", "The central h makes the two terms equal; there the bound is not least.")
def best_steps_00_c(f, f2, f3, r):
    # the best h is where both terms are equally large
    forward = np.sqrt(4 * r * abs(f) / abs(f2))
    central = (6 * r * abs(f) / abs(f3)) ** (1 / 3)
    return {"forward": forward, "central": central}


@wrong("gradients/numerical", "The entry is not put back: it stays at its lower place.")
def numerical_gradient_00_d(loss, params, h=1e-5):
    grads = {}
    for key, p in params.items():
        grads[key] = np.zeros(p.shape)
        for i in np.ndindex(p.shape):
            old = p[i]
            p[i] = old + h
            up = loss(params)
            p[i] = old - h
            down = loss(params)
            grads[key][i] = (up - down) / (2 * h)
    return grads


@wrong("gradients/relative-error", "Divides by the sum of the two sizes, not by the larger one.")
def relative_error_00_e(a, b):
    a, b = np.asarray(a, float), np.asarray(b, float)
    size = np.abs(a) + np.abs(b)
    size[size == 0] = 1
    return np.max(np.abs(a - b) / size)


@wrong("gradients/backprop", "The derivative of tanh is written with s in place of a: 1 − s².")
def backprop_00_f(params, x, t):
    s = x @ params["W1"] + params["b1"]
    a = np.tanh(s)
    z = a @ params["W2"] + params["b2"]
    dz = (z - t) / len(x)
    ds = (dz @ params["W2"].T) * (1 - s**2)
    return {"W1": x.T @ ds, "b1": ds.sum(axis=0), "W2": a.T @ dz, "b2": dz.sum(axis=0)}


@wrong("gradients/backprop", "b1 has the mean over the rows, though δ is already divided by n.")
def backprop_00_g(params, x, t):
    a = np.tanh(x @ params["W1"] + params["b1"])
    z = a @ params["W2"] + params["b2"]
    delta = (z - t) / x.shape[0]
    grads = {"W2": a.T @ delta, "b2": np.sum(delta, axis=0)}
    delta = delta @ params["W2"].T * (1 - a * a)
    grads["W1"] = x.T @ delta
    grads["b1"] = np.mean(delta, axis=0)
    return grads
