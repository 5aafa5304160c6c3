"""AdaGrad: every coordinate gets its own rate, from all the gradients it has seen.

h sum of squared gradients, zero at first; g², √ and / coordinate by coordinate; ε keeps the first division
from being 0/0. Source: Duchi, Hazan and Singer 2011 (the diagonal form).
"""

import numpy as np

from .inputs import ArraysByKey, check_step, not_negative, zero_at_first


class AdaGrad:
    """Steps divided by the root of the sum of all squared gradients.

    lr   η ≥ 0, the learning rate
    eps  ε ≥ 0
    """

    def __init__(self, lr: float = 0.01, eps: float = 1e-8):
        self.lr = not_negative("lr", lr)
        self.eps = not_negative("eps", eps)
        self.h: ArraysByKey = {}

    def update(self, params: ArraysByKey, grads: ArraysByKey) -> None:
        """One step: float arrays of any shapes under equal keys; `params` change in place, `grads` do not.

        Raises:
            TypeError, ValueError: see `check_step`; nothing is changed then.
        """
        check_step(self.lr, params, grads, self.h)
        zero_at_first(params, self.h)
        for k in params:
            # (1)  h ← h + g²
            self.h[k] = self.h[k] + np.square(grads[k])
            # (2)  θ ← θ − η g / (√h + ε)
            params[k] -= self.lr * grads[k] / (np.sqrt(self.h[k]) + self.eps)
