"""Adam: momentum and RMSprop, both corrected for their start at zero.

    (1)  t ← t + 1
    (2)  m ← β₁ m + (1 − β₁) g
    (3)  v ← β₂ v + (1 − β₂) g²
    (4)  u = m / (√v̂ + ε),  v̂ = v / (1 − β₂ᵗ)
    (5)  θ ← θ − η u / (1 − β₁ᵗ)

m, v moving averages of g and g², zero at first; t the number of the step, one clock for all arrays. Both are
corrected for their start at zero, and never stored back so: v in (4), under the root; m in (5), where its
correction, a number, meets η, so that η m̂ / (√v̂ + ε) with m̂ = m / (1 − β₁ᵗ) is what θ moves by. (2) and (3)
are done in place, in two statements each. Source: Kingma and Ba 2015, Algorithm 1.
"""

from __future__ import annotations

import numpy as np

from .inputs import check_step, fraction, not_negative


class Adam:
    """m ← β₁ m + (1 − β₁) g;  v ← β₂ v + (1 − β₂) g²;  θ ← θ − η m̂ / (√v̂ + ε).

    `update` takes dicts of float arrays with equal keys and shapes, changes `params` in place and leaves
    `grads` alone. Input that cannot be right raises before anything is changed (see `inputs`).
    """

    def __init__(self, lr: float = 0.001, beta1: float = 0.9, beta2: float = 0.999, eps: float = 1e-8):
        self.lr = not_negative("lr", lr)
        self.beta1 = fraction("beta1", beta1)
        self.beta2 = fraction("beta2", beta2)
        self.eps = not_negative("eps", eps)
        self.m: dict[str, np.ndarray] = {}
        self.v: dict[str, np.ndarray] = {}
        self.t = 0

    def update(self, params: dict[str, np.ndarray], grads: dict[str, np.ndarray]) -> None:
        check_step(self.lr, params, grads, self.m)
        self.t += 1  # (1)
        for k in params:
            if k not in self.m:
                self.m[k] = np.zeros_like(params[k])
                self.v[k] = np.zeros_like(params[k])
            self.m[k] *= self.beta1  # (2)
            self.m[k] += (1 - self.beta1) * grads[k]
            self.v[k] *= self.beta2  # (3)
            self.v[k] += (1 - self.beta2) * grads[k] * grads[k]
            u = self.m[k] / (np.sqrt(self.v[k] / (1 - self.beta2**self.t)) + self.eps)  # (4)
            params[k] -= self.lr / (1 - self.beta1**self.t) * u  # (5)
