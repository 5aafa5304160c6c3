"""Momentum: a ball that keeps its velocity (heavy ball).

    (1)  v ← μ v − η g
    (2)  θ ← θ + v

v velocity, zero at first; μ momentum, the share of the velocity that survives a step; η learning rate,
which is part of the velocity here. (1) is done in place, in two statements. Source: Polyak 1964; in this
notation Sutskever et al. 2013.
"""

from __future__ import annotations

import numpy as np

from .inputs import check_step, fraction, not_negative


class Momentum:
    """v ← μ v − η g;  θ ← θ + v.

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
            self.v[k] *= self.momentum  # (1)
            self.v[k] -= self.lr * grads[k]
            params[k] += self.v[k]  # (2)
