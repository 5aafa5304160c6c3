"""Momentum, with the two choices in which frameworks differ."""

import numpy as np

from descentlab.agreement import Arrays
from descentlab.rules.inputs import check_step, fraction, not_negative


class MomentumForm:
    """v ← μ v − η g;  θ ← θ + v, and its variants.

    rate_in_velocity  False: v collects gradients and η multiplies the whole velocity, so that a changed
                      rate takes effect at once. The same numbers while η is constant.
    dampening         τ: the gradient enters the velocity as (1 − τ) g.
    damp_first        False: the first gradient enters whole, as in torch.
    """

    def __init__(
        self,
        lr: float,
        momentum: float,
        *,
        rate_in_velocity: bool = True,
        dampening: float = 0.0,
        damp_first: bool = True,
    ):
        self.lr = not_negative("lr", lr)
        self.momentum = fraction("momentum", momentum)
        self.rate_in_velocity = rate_in_velocity
        self.dampening = dampening
        self.damp_first = damp_first
        self.v: dict[str, np.ndarray] = {}

    def update(self, params: dict[str, np.ndarray], grads: Arrays) -> None:
        """One step, as the plain rule's `update`, with the choices above."""
        check_step(self.lr, params, grads, self.v)
        for k in params:
            push = (1 - self.dampening) * grads[k]
            if k not in self.v:
                self.v[k] = np.zeros_like(params[k])
                push = push if self.damp_first else grads[k]
            if self.rate_in_velocity:
                self.v[k] = self.momentum * self.v[k] - self.lr * push
                params[k] += self.v[k]
            else:
                self.v[k] = self.momentum * self.v[k] - push
                params[k] += self.lr * self.v[k]
