"""RMSprop in Graves' form: centered, with momentum, ε under the root.

n, a exponential moving averages of g² and g, d the step, all zero at first; n − a² is the variance of the
gradient, its root the spread. Source: Graves 2013, Generating Sequences With Recurrent Neural Networks,
equations 38 to 41; its constants are the defaults.
"""

import numpy as np

from .inputs import ArraysByKey, check_step, fraction, not_negative, zero_at_first


class RMSpropGraves:
    """Steps divided by the spread of the gradient, and collected in a velocity.

    lr        η ≥ 0, the learning rate
    decay     ρ in [0, 1), the decay of both averages
    momentum  μ in [0, 1), the momentum coefficient
    eps       ε ≥ 0
    """

    def __init__(self, lr: float = 1e-4, decay: float = 0.95, momentum: float = 0.9, eps: float = 1e-4):
        self.lr = not_negative("lr", lr)
        self.decay = fraction("decay", decay)
        self.momentum = fraction("momentum", momentum)
        self.eps = not_negative("eps", eps)
        self.n: ArraysByKey = {}
        self.a: ArraysByKey = {}
        self.d: ArraysByKey = {}

    def update(self, params: ArraysByKey, grads: ArraysByKey) -> None:
        """One step: float arrays of any shapes under equal keys; `params` change in place, `grads` do not.

        Raises:
            TypeError, ValueError: see `check_step`; nothing is changed then.
        """
        check_step(self.lr, params, grads, self.d)
        zero_at_first(params, self.n, self.a, self.d)
        for k in params:
            # (1)  n ← ρ n + (1 − ρ) g²
            self.n[k] = self.decay * self.n[k] + (1 - self.decay) * np.square(grads[k])
            # (2)  a ← ρ a + (1 − ρ) g
            self.a[k] = self.decay * self.a[k] + (1 - self.decay) * grads[k]
            # (3)  d ← μ d − η g / √(n − a² + ε)
            self.d[k] = self.momentum * self.d[k] - self.lr * grads[k] / np.sqrt(
                self.n[k] - np.square(self.a[k]) + self.eps
            )
            # (4)  θ ← θ + d
            params[k] += self.d[k]
