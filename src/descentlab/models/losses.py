"""Losses: how wrong the outputs z are for the targets t, and the slope ∂L/∂z that backprop starts from.

Each function returns `(loss, slope)`: the mean over the batch, a float, and an array of z's shape. Shapes
that do not fit raise ValueError: NumPy would broadcast (n,) against (n, 1) to (n, n) and say nothing.
"""

from __future__ import annotations

import numpy as np

from descentlab.sentences import say, template


def squared_error(z: np.ndarray, t: np.ndarray) -> tuple[float, np.ndarray]:
    """L = mean (z − t)². z and t have the same shape."""
    _same_shape(z, t)
    return float(np.mean((z - t) ** 2)), 2 * (z - t) / z.size


def binary_cross_entropy(z: np.ndarray, t: np.ndarray) -> tuple[float, np.ndarray]:
    """L = mean(−t log s − (1 − t) log(1 − s)) with s = 1/(1 + e⁻ᶻ). z and t have the same shape, t in [0, 1].

    z are logits: −t log s − (1 − t) log(1 − s) = max(z, 0) − z t + log(1 + e^−|z|), where no exponential
    overflows.
    """
    _same_shape(z, t)
    small = np.exp(-np.abs(z))
    sigmoid = np.where(z >= 0, 1.0, small) / (1 + small)
    return float(np.mean(np.maximum(z, 0) - z * t + np.log1p(small))), (sigmoid - t) / z.size


def softmax_cross_entropy(z: np.ndarray, t: np.ndarray) -> tuple[float, np.ndarray]:
    """L = mean −log p[t] with p = eᶻ / Σ eᶻ over the classes. z: (n, classes); t: (n,) class numbers."""
    rows = np.arange(len(z))
    if t.shape != rows.shape:
        sentence = template("one class number a row: outputs {outputs} need targets {needed}, not {targets}")
        raise ValueError(say(sentence, outputs=z.shape, needed=rows.shape, targets=t.shape))
    log_p = z - z.max(axis=1, keepdims=True)  # the same p, and no exponential overflows
    log_p -= np.log(np.exp(log_p).sum(axis=1, keepdims=True))
    slope = np.exp(log_p)
    slope[rows, t] -= 1
    return float(-log_p[rows, t].mean()), slope / len(z)


def _same_shape(z: np.ndarray, t: np.ndarray) -> None:
    if z.shape != t.shape:
        sentence = template("outputs of shape {outputs} need targets of the same shape, not {targets}")
        raise ValueError(say(sentence, outputs=z.shape, targets=t.shape))
