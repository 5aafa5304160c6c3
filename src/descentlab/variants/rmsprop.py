"""RMSprop, plain, centered, with momentum, with the choices in which frameworks differ."""

import numpy as np

from descentlab.agreement import Arrays
from descentlab.rules.inputs import check_step, fraction, not_negative


class RMSpropForm:
    """n ← ρ n + (1 − ρ) g²;  θ ← θ − η g / (√n + ε), and its variants.

    eps_inside        True: √(n + ε) instead of √n + ε.
    first_n           the initial n.
    centered          True: n − a² under the root, a ← ρ a + (1 − ρ) g.
    momentum          μ: the steps are collected in a velocity.
    rate_in_velocity  False: η multiplies the velocity, so that a changed rate takes effect at once.
    nesterov          True: the step looks ahead by one velocity, as Nesterov's.
    """

    def __init__(
        self,
        lr: float,
        decay: float,
        eps: float,
        *,
        eps_inside: bool = False,
        first_n: float = 0.0,
        centered: bool = False,
        momentum: float = 0.0,
        rate_in_velocity: bool = True,
        nesterov: bool = False,
    ):
        self.lr = not_negative("lr", lr)
        self.decay = fraction("decay", decay)
        self.eps = not_negative("eps", eps)
        self.eps_inside = eps_inside
        self.first_n = first_n
        self.centered = centered
        self.momentum = fraction("momentum", momentum)
        self.rate_in_velocity = rate_in_velocity
        self.nesterov = nesterov
        self.n: dict[str, np.ndarray] = {}
        self.a: dict[str, np.ndarray] = {}
        self.v: dict[str, np.ndarray] = {}

    def update(self, params: dict[str, np.ndarray], grads: Arrays) -> None:
        """One step, as the plain rule's `update`, with the choices above."""
        check_step(self.lr, params, grads, self.n)
        for k in params:
            if k not in self.n:
                self.n[k] = np.full_like(params[k], self.first_n)
                self.a[k] = np.zeros_like(params[k])
                self.v[k] = np.zeros_like(params[k])
            self.n[k] = self.decay * self.n[k] + (1 - self.decay) * grads[k] * grads[k]
            under = self.n[k]
            if self.centered:
                self.a[k] = self.decay * self.a[k] + (1 - self.decay) * grads[k]
                under = self.n[k] - self.a[k] * self.a[k]
            s = np.sqrt(under + self.eps) if self.eps_inside else np.sqrt(under) + self.eps
            if self.rate_in_velocity:
                self.v[k] = self.momentum * self.v[k] - self.lr * grads[k] / s
                ahead = self.momentum * self.v[k] - self.lr * grads[k] / s if self.nesterov else self.v[k]
                params[k] += ahead
            else:
                self.v[k] = self.momentum * self.v[k] - grads[k] / s
                params[k] += self.lr * self.v[k]
