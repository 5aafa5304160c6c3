"""Nesterov's momentum: the gradient is taken where the velocity will carry us.

    (1)  θ ← θ − μ v
    (2)  v ← μ v − η g
    (3)  θ ← θ + (1 + μ) v

θ holds the look-ahead point, since that is where the caller computes g. Step (1) goes back from it to the
ball, (2) pushes (in place, in two statements), (3) moves the ball by v and looks ahead by μ v once more. In
one line, with the velocity before the step: θ ← θ + μ² v − (1 + μ) η g. Source: Nesterov 1983; Sutskever et
al. 2013; rewritten for the look-ahead point in Bengio, Boulanger-Lewandowski and Pascanu 2012.
"""

from __future__ import annotations

import numpy as np

from .inputs import check_step, fraction, not_negative


class Nesterov:
    """θ ← θ − μ v;  v ← μ v − η g;  θ ← θ + (1 + μ) v, where θ is the look-ahead point.

    `update` takes dicts of float arrays with equal keys and shapes, changes `params` in place and leaves
    `grads` alone. Input that cannot be right raises before anything is changed (see `inputs`).
    """

    def __init__(self, lr: float = 0.01, momentum: float = 0.9):
        self.lr = not_negative("lr", lr)
        self.momentum = fraction("momentum", momentum)
        self.v: dict[str, np.ndarray] = {}

    def update(self, params: dict[str, np.ndarray], grads: dict[str, np.ndarray]) -> None:
        check_step(self.lr, params, grads, self.v)
        for k in params:
            if k not in self.v:
                self.v[k] = np.zeros_like(params[k])
            params[k] -= self.momentum * self.v[k]  # (1)
            self.v[k] *= self.momentum  # (2)
            self.v[k] -= self.lr * grads[k]
            params[k] += (1 + self.momentum) * self.v[k]  # (3)
