"""AdaGrad, with the choices in which frameworks differ."""

import numpy as np

from descentlab.agreement import Arrays
from descentlab.rules.inputs import check_step, not_negative


class AdaGradForm:
    """h ← h + g²;  θ ← θ − η g / (√h + ε), and its variants.

    eps_inside  True: √(h + ε) instead of √h + ε.
    first_h     the initial h.
    """

    def __init__(self, lr: float, eps: float, *, eps_inside: bool = False, first_h: float = 0.0):
        self.lr = not_negative("lr", lr)
        self.eps = not_negative("eps", eps)
        self.eps_inside = eps_inside
        self.first_h = first_h
        self.h: dict[str, np.ndarray] = {}

    def update(self, params: dict[str, np.ndarray], grads: Arrays) -> None:
        """One step, as the plain rule's `update`, with the choices above."""
        check_step(self.lr, params, grads, self.h)
        for k in params:
            if k not in self.h:
                self.h[k] = np.full_like(params[k], self.first_h)
            self.h[k] += grads[k] * grads[k]
            if self.eps_inside:
                params[k] -= self.lr * grads[k] / np.sqrt(self.h[k] + self.eps)
            else:
                params[k] -= self.lr * grads[k] / (np.sqrt(self.h[k]) + self.eps)
