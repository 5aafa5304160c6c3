"""RMSprop: AdaGrad with a memory that fades.

    (1)  h ← ρ h + (1 − ρ) g²
    (2)  θ ← θ − η g / (√h + ε)

h moving average of squared gradients, zero at first; ρ decay; ε keeps the division from being 0/0. (1) is
done in place, in two statements. Source: Tieleman and Hinton, lecture 6.5 of Neural Networks for Machine
Learning, 2012.
"""

from __future__ import annotations

import numpy as np

from .inputs import check_step, fraction, not_negative


class RMSprop:
    """h ← ρ h + (1 − ρ) g²;  θ ← θ − η g / (√h + ε).

    `update` takes dicts of float arrays with equal keys and shapes, changes `params` in place and leaves
    `grads` alone. Input that cannot be right raises before anything is changed (see `inputs`).
    """

    def __init__(self, lr: float = 0.001, decay: float = 0.9, eps: float = 1e-8):
        self.lr = not_negative("lr", lr)
        self.decay = fraction("decay", decay)
        self.eps = not_negative("eps", eps)
        self.h: dict[str, np.ndarray] = {}

    def update(self, params: dict[str, np.ndarray], grads: dict[str, np.ndarray]) -> None:
        check_step(self.lr, params, grads, self.h)
        for k in params:
            if k not in self.h:
                self.h[k] = np.zeros_like(params[k])
            self.h[k] *= self.decay  # (1)
            self.h[k] += (1 - self.decay) * grads[k] * grads[k]
            params[k] -= self.lr * (grads[k] / (np.sqrt(self.h[k]) + self.eps))  # (2)
