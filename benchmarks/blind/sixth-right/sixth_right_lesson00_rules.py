"""Lesson 00: right answers in unusual ways."""

import numpy as np
from blind_collection import right


@right(
    "gradients/slopes",
    "A table of points and weights, and np.imag of a complex difference built with complex().",
)
def slopes4(f, theta, h):
    recipe = {"forward": [(1, 1), (0, -1)], "central": [(1, 0.5), (-1, -0.5)]}
    answer = {}
    for way, points in recipe.items():
        total = 0
        for place, weight in points:
            total = total + weight * f(theta + place * h)
        answer[way] = total / h
    answer["complex"] = float(np.imag(f(complex(theta, h)))) / h
    return answer


@right("gradients/best-steps", "Works in logarithms: the exponents 1/2 and 1/3 become divisions.")
def best_steps7(f, f2, f3, r):
    from math import exp, log

    rounding = log(r) + log(abs(f))
    return {
        "central": exp((log(3) + rounding - log(abs(f3))) / 3),
        "forward": exp((log(4) + rounding - log(abs(f2))) / 2),
    }


@right(
    "gradients/numerical",
    "Never touches params: for each entry it builds new dicts with one moved copy, over the raveled array, and reshapes at the end.",
)
def numerical_gradient10(loss, params, h=1e-5):
    def at(key, position, change):
        flat = np.array(params[key], dtype=float).ravel()
        flat[position] = flat[position] + change
        return loss({**params, key: flat.reshape(np.shape(params[key]))})

    return {
        key: np.reshape([(at(key, j, h) - at(key, j, -h)) / (2 * h) for j in range(np.size(p))], np.shape(p))
        for key, p in params.items()
    }


@right(
    "gradients/backprop",
    "Row by row with outer products, added up in a loop, and 1/cosh^2 for the derivative of tanh.",
)
def backprop15(params, x, t):
    grads = {key: np.zeros(np.shape(p)) for key, p in params.items()}
    n = len(x)
    for row, goal in zip(x, t):
        s = row @ params["W1"] + params["b1"]
        a = np.tanh(s)
        z = a @ params["W2"] + params["b2"]
        dz = (z - goal) / n
        ds = (params["W2"] @ dz) / np.cosh(s) ** 2
        grads["b2"] += dz
        grads["W2"] += np.outer(a, dz)
        grads["b1"] += ds
        grads["W1"] += np.outer(row, ds)
    return grads
