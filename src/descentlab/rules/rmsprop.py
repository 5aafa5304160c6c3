"""RMSprop: AdaGrad with an exponential moving average instead of the sum.

h exponential moving average of squared gradients, zero at first; ε keeps the division from being 0/0. Source:
Tieleman and Hinton 2012, lecture 6.5 of Neural Networks for Machine Learning.
"""

import numpy as np

from .inputs import ArraysByKey, check_step, fraction, not_negative, zero_at_first


class RMSprop:
    """Steps divided by the root of an exponential moving average of squared gradients.

    lr     η ≥ 0, the learning rate
    decay  ρ in [0, 1), the decay of the average
    eps    ε ≥ 0
    """

    def __init__(self, lr: float = 0.001, decay: float = 0.9, eps: float = 1e-8):
        self.lr = not_negative("lr", lr)
        self.decay = fraction("decay", decay)
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
            # (1)  h ← ρ h + (1 − ρ) g²
            self.h[k] = self.decay * self.h[k] + (1 - self.decay) * np.square(grads[k])
            # (2)  θ ← θ − η g / (√h + ε)
            params[k] -= self.lr * grads[k] / (np.sqrt(self.h[k]) + self.eps)
