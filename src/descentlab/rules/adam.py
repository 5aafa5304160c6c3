"""Adam: momentum and RMSprop, both corrected for their start at zero.

m, v exponential moving averages of g and g², zero at first; t the number of the step, one for all arrays;
m̂, v̂ the averages corrected for their start at zero, never stored back. Source: Kingma and Ba 2015,
Algorithm 1.
"""

import numpy as np

from .inputs import ArraysByKey, check_step, fraction, not_negative, zero_at_first


class Adam:
    """Steps along the average gradient, divided by the root of the average squared gradient.

    lr     η ≥ 0, the learning rate
    beta1  β₁ in [0, 1), the decay of the average of g
    beta2  β₂ in [0, 1), the decay of the average of g²
    eps    ε ≥ 0
    """

    def __init__(self, lr: float = 0.001, beta1: float = 0.9, beta2: float = 0.999, eps: float = 1e-8):
        self.lr = not_negative("lr", lr)
        self.beta1 = fraction("beta1", beta1)
        self.beta2 = fraction("beta2", beta2)
        self.eps = not_negative("eps", eps)
        self.m: ArraysByKey = {}
        self.v: ArraysByKey = {}
        self.t = 0

    def update(self, params: ArraysByKey, grads: ArraysByKey) -> None:
        """One step: float arrays of any shapes under equal keys; `params` change in place, `grads` do not.

        Raises:
            TypeError, ValueError: see `check_step`; nothing is changed then.
        """
        check_step(self.lr, params, grads, self.m)
        zero_at_first(params, self.m, self.v)
        # (1)  t ← t + 1
        self.t += 1
        for k in params:
            # (2)  m ← β₁ m + (1 − β₁) g
            self.m[k] = self.beta1 * self.m[k] + (1 - self.beta1) * grads[k]
            # (3)  v ← β₂ v + (1 − β₂) g²
            self.v[k] = self.beta2 * self.v[k] + (1 - self.beta2) * np.square(grads[k])
            # (4)  m̂ ← m / (1 − β₁ᵗ)
            m_hat = self.m[k] / (1 - self.beta1**self.t)
            # (5)  v̂ ← v / (1 − β₂ᵗ)
            v_hat = self.v[k] / (1 - self.beta2**self.t)
            # (6)  θ ← θ − η m̂ / (√v̂ + ε)
            params[k] -= self.lr * m_hat / (np.sqrt(v_hat) + self.eps)
