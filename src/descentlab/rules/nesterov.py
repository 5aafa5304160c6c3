"""Nesterov's momentum: the gradient is taken where the velocity will carry us.

v velocity, zero at first; θ the look-ahead point, since that is where the caller computes g. A step takes
back the old look ahead, μ v, moves by the new velocity, μ v − η g, and looks ahead again, by μ times that:
with the old v alone, this is (1). Source: Nesterov 1983; rewritten for the look-ahead point in Bengio,
Boulanger-Lewandowski and Pascanu 2013, equation 7.
"""

from .inputs import ArraysByKey, check_step, fraction, not_negative, zero_at_first


class Nesterov:
    """Momentum whose gradient is taken ahead; `params` holds the look-ahead point.

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
            # (1)  θ ← θ + μ² v − (1 + μ) η g
            params[k] += self.momentum**2 * self.v[k] - (1 + self.momentum) * self.lr * grads[k]
            # (2)  v ← μ v − η g
            self.v[k] = self.momentum * self.v[k] - self.lr * grads[k]
