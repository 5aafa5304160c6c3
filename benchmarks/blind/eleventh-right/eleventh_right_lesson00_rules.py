"""Right answers in unusual ways, lesson 00."""

import numpy as np
from blind_collection import right


@right("gradients/best-steps", "one general formula for the least value of a h^p + b/h, for both ways")
def best_steps_right_00_a(f, f2, f3, r):
    # a h^p + b / h is least where p a h^(p - 1) = b / h^2
    terms = {"forward": (1, abs(f2) / 2, 2 * r * abs(f)), "central": (2, abs(f3) / 6, r * abs(f))}
    return {way: (b / (p * a)) ** (1 / (p + 1)) for way, (p, a, b) in terms.items()}


@right(
    "gradients/numerical", "never touches params: a new dict with a moved copy of one array for every loss"
)
def numerical_gradient_right_00_b(loss, params, h=1e-5):
    def slope(key, j):
        p = params[key]
        unit = np.zeros(p.size)
        unit[j] = h
        unit = unit.reshape(p.shape)
        up = loss({**params, key: np.asarray(p + unit)})
        down = loss({**params, key: np.asarray(p - unit)})
        return (up - down) / (2 * h)

    return {
        key: np.array([slope(key, j) for j in range(p.size)]).reshape(p.shape) for key, p in params.items()
    }


@right("gradients/backprop", "a column of ones appended, so that weights and biases come out of one product")
def backprop_right_00_c(params, x, t):
    ones = np.ones((len(x), 1))
    a = np.tanh(x @ params["W1"] + params["b1"])
    delta = (a @ params["W2"] + params["b2"] - t) / len(x)
    second = np.hstack([a, ones]).T @ delta
    inner = np.einsum("kj,ij->ki", delta, params["W2"]) * (1 - a) * (1 + a)
    first = np.hstack([x, ones]).T @ inner
    return {"W1": first[:-1], "b1": first[-1], "W2": second[:-1], "b2": second[-1]}
