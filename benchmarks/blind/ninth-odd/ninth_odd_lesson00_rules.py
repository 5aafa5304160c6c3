"""Lesson 00: wrong in an odd way."""

import numpy as np
from blind_collection import wrong


@wrong("gradients/relative-error", "0 against 0 is NaN.")
def relative_error_00_a(a, b):
    with np.errstate(all="ignore"):
        return np.max(np.abs(a - b) / np.maximum(np.abs(a), np.abs(b)))


@wrong("gradients/numerical", "Raises an exception for an array of shape (): it has no length.")
def numerical_gradient_00_b(loss, params, h=1e-5):
    grads = {}
    for key, p in params.items():
        flat = p.reshape(-1)
        columns = p.size // len(p)
        grad = np.zeros((len(p), columns))
        for row in range(len(p)):
            for column in range(columns):
                i = row * columns + column
                old = flat[i]
                flat[i] = old + h
                up = loss(params)
                flat[i] = old - h
                down = loss(params)
                flat[i] = old
                grad[row, column] = (up - down) / (2 * h)
        grads[key] = grad.reshape(p.shape)
    return grads
