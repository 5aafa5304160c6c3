"""Momentum: a ball that keeps its velocity (heavy ball).

v velocity, zero at first; the learning rate is part of it here. Source: Polyak 1964; in this notation
Sutskever et al. 2013.
"""

from .inputs import ArraysByKey, check_step, fraction, not_negative, zero_at_first


class Momentum:
    """Gradient descent with a velocity.

    lr        η ≥ 0, the learning rate
    momentum  μ in [0, 1), the momentum coefficient
    """

    def __init__(self, lr: float = 0.01, momentum: float = 0.9):
        self.lr = not_negative("lr", lr)
        self.momentum = fraction("momentum", momentum)
        self.v: ArraysByKey = {}

    def update(self, params: ArraysByKey, grads: ArraysByKey) -> None:
        """One step: float arrays of any shapes under equal keys; `params` change in place, `grads` do not.

        Raises:
            TypeError, ValueError: see `check_step`; nothing is changed then.
        """
        check_step(self.lr, params, grads, self.v)
        zero_at_first(params, self.v)
        for k in params:
            # (1)  v ← μ v − η g
            self.v[k] = self.momentum * self.v[k] - self.lr * grads[k]
            # (2)  θ ← θ + v
            params[k] += self.v[k]
