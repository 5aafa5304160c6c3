"""Equal forms: other lines with the same numbers as a rule's own, for whom a slip in them is another slip.

The diagnosis reads their formulas beside the reference's. Each line is one of a lesson's.
"""

import numpy as np

from descentlab.rules.inputs import check_step, zero_at_first
from descentlab.rules.nesterov import Nesterov


class NesterovOldAndNew(Nesterov):
    """Nesterov's momentum with both velocities, the one before the step and the one after it."""

    def update(self, params: dict[str, np.ndarray], grads: dict[str, np.ndarray]) -> None:
        """One step, as `Nesterov.update`."""
        check_step(self.lr, params, grads, self.v)
        zero_at_first(params, self.v)
        for k in params:
            old = self.v[k]
            # (1)  v ← μ v − η g
            self.v[k] = self.momentum * self.v[k] - self.lr * grads[k]
            # (2)  θ ← θ + (1 + μ) v − μ v_old
            params[k] += (1 + self.momentum) * self.v[k] - self.momentum * old


class NesterovRateOutside(Nesterov):
    """Nesterov's momentum as PyTorch writes it: b collects gradients, the learning rate stands outside."""

    def __init__(self, lr: float = 0.01, momentum: float = 0.9):
        super().__init__(lr, momentum)
        self.b: dict[str, np.ndarray] = {}

    def update(self, params: dict[str, np.ndarray], grads: dict[str, np.ndarray]) -> None:
        """One step, as `Nesterov.update`."""
        check_step(self.lr, params, grads, self.b)
        zero_at_first(params, self.b)
        for k in params:
            # (1)  b ← μ b + g
            self.b[k] = self.momentum * self.b[k] + grads[k]
            # (2)  θ ← θ − η (g + μ b)
            params[k] -= self.lr * (grads[k] + self.momentum * self.b[k])


class NesterovNewVelocity(Nesterov):
    """Nesterov's momentum with the new velocity alone: what it adds to plain momentum is one look ahead."""

    def update(self, params: dict[str, np.ndarray], grads: dict[str, np.ndarray]) -> None:
        """One step, as `Nesterov.update`."""
        check_step(self.lr, params, grads, self.v)
        zero_at_first(params, self.v)
        for k in params:
            # (1)  v ← μ v − η g
            self.v[k] = self.momentum * self.v[k] - self.lr * grads[k]
            # (2)  θ ← θ + μ v − η g
            params[k] += self.momentum * self.v[k] - self.lr * grads[k]


EQUAL_FORMS: tuple[type, ...] = (NesterovOldAndNew, NesterovRateOutside, NesterovNewVelocity)
"""Each a subclass of the plain rule whose numbers it gives."""
