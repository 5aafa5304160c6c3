"""RMSprop in Graves' form: centred, with momentum, ε under the root.

    (1)  n ← ρ n + (1 − ρ) g²
    (2)  a ← ρ a + (1 − ρ) g
    (3)  d ← μ d − η g / √(n − a² + ε)
    (4)  θ ← θ + d

n, a moving averages of g² and g, d the step, all zero at first; n − a² is the variance of the gradient, its
root the spread; ρ decay, μ momentum. (1) to (3) are done in place, in two statements each. Source: Graves
2013, Generating Sequences With Recurrent Neural Networks, equations 38 to 41; its constants are the defaults.
"""

from __future__ import annotations

import numpy as np

from .inputs import check_step, fraction, not_negative


class RMSpropGraves:
    """n ← ρ n + (1 − ρ) g²;  a ← ρ a + (1 − ρ) g;  d ← μ d − η g / √(n − a² + ε);  θ ← θ + d.

    `update` takes dicts of float arrays with equal keys and shapes, changes `params` in place and leaves
    `grads` alone. Input that cannot be right raises before anything is changed (see `inputs`).
    """

    def __init__(self, lr: float = 1e-4, decay: float = 0.95, momentum: float = 0.9, eps: float = 1e-4):
        self.lr = not_negative("lr", lr)
        self.decay = fraction("decay", decay)
        self.momentum = fraction("momentum", momentum)
        self.eps = not_negative("eps", eps)
        self.n: dict[str, np.ndarray] = {}
        self.a: dict[str, np.ndarray] = {}
        self.d: dict[str, np.ndarray] = {}

    def update(self, params: dict[str, np.ndarray], grads: dict[str, np.ndarray]) -> None:
        check_step(self.lr, params, grads, self.d)
        for k in params:
            if k not in self.d:
                self.n[k] = np.zeros_like(params[k])
                self.a[k] = np.zeros_like(params[k])
                self.d[k] = np.zeros_like(params[k])
            self.n[k] *= self.decay  # (1)
            self.n[k] += (1 - self.decay) * grads[k] * grads[k]
            self.a[k] *= self.decay  # (2)
            self.a[k] += (1 - self.decay) * grads[k]
            self.d[k] *= self.momentum  # (3)
            self.d[k] -= self.lr * (grads[k] / np.sqrt(self.n[k] - self.a[k] * self.a[k] + self.eps))
            params[k] += self.d[k]  # (4)
