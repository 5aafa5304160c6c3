"""AdaGrad: every coordinate gets its own rate, from all the gradients it has seen.

    (1)  h ← h + g²
    (2)  θ ← θ − η g / (√h + ε)

h sum of squared gradients, zero at first; g², √ and / coordinate by coordinate; ε keeps the first division
from being 0/0. Source: Duchi, Hazan and Singer 2011 (the diagonal form).
"""

from __future__ import annotations

import numpy as np

from .inputs import check_step, not_negative


class AdaGrad:
    """h ← h + g²;  θ ← θ − η g / (√h + ε).

    `update` takes dicts of float arrays with equal keys and shapes, changes `params` in place and leaves
    `grads` alone. Input that cannot be right raises before anything is changed (see `inputs`).
    """

    def __init__(self, lr: float = 0.01, eps: float = 1e-8):
        self.lr = not_negative("lr", lr)
        self.eps = not_negative("eps", eps)
        self.h: dict[str, np.ndarray] = {}

    def update(self, params: dict[str, np.ndarray], grads: dict[str, np.ndarray]) -> None:
        check_step(self.lr, params, grads, self.h)
        for k in params:
            if k not in self.h:
                self.h[k] = np.zeros_like(params[k])
            self.h[k] += grads[k] * grads[k]  # (1)
            params[k] -= self.lr * (grads[k] / (np.sqrt(self.h[k]) + self.eps))  # (2)
