"""Nesterov's momentum, with the two choices in which frameworks differ."""

import numpy as np

from descentlab.agreement import Arrays
from descentlab.rules.inputs import check_step, zero_at_first

from .momentum import MomentumForm


class NesterovForm(MomentumForm):
    """v ← μ v − η g;  θ ← θ + μ v − η g, where θ is the look-ahead point, and its variants.

    rate_in_velocity  False: v collects gradients and η multiplies the whole step, so that a changed rate
                      takes effect at once. The same numbers while η is constant.
    new_velocity      True: the velocity after its update stands where the one before it belongs, so that g
                      enters with (1 + μ + μ²) η instead of (1 + μ) η.
    """

    def __init__(
        self, lr: float, momentum: float, *, rate_in_velocity: bool = True, new_velocity: bool = False
    ):
        super().__init__(lr, momentum, rate_in_velocity=rate_in_velocity)
        self.new_velocity = new_velocity

    def update(self, params: dict[str, np.ndarray], grads: Arrays) -> None:
        """One step, as the plain rule's `update`, with the choices above."""
        check_step(self.lr, params, grads, self.v)
        mu = self.momentum
        zero_at_first(params, self.v)
        for k in params:
            if not self.rate_in_velocity:
                self.v[k] = mu * self.v[k] - grads[k]
                params[k] += self.lr * (mu * self.v[k] - grads[k])
                continue
            self.v[k] = mu * self.v[k] - self.lr * grads[k]
            if self.new_velocity:
                params[k] += mu * mu * self.v[k] - (1 + mu) * self.lr * grads[k]
            else:
                params[k] += mu * self.v[k] - self.lr * grads[k]
