"""Gradient descent with a constant learning rate.

    (1)  θ ← θ − η g

θ parameters, g gradient, η learning rate. Source: Cauchy 1847; with gradients of mini-batches, Robbins and
Monro 1951.
"""

from __future__ import annotations

import numpy as np

from .inputs import check_step, not_negative


class SGD:
    """θ ← θ − η g.

    `update` takes dicts of float arrays with equal keys and shapes, changes `params` in place and leaves
    `grads` alone. Input that cannot be right raises before anything is changed (see `inputs`).
    """

    def __init__(self, lr: float = 0.01):
        self.lr = not_negative("lr", lr)

    def update(self, params: dict[str, np.ndarray], grads: dict[str, np.ndarray]) -> None:
        check_step(self.lr, params, grads)
        for k in params:
            params[k] -= self.lr * grads[k]  # (1)
