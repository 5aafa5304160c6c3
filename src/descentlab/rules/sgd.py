"""Gradient descent with a constant learning rate.

θ parameters, g gradient. Source: Cauchy 1847; with gradients of mini-batches, Robbins and Monro 1951.
"""

from .inputs import ArraysByKey, check_step, not_negative


class SGD:
    """Gradient descent: a step of η against the gradient.

    lr  η ≥ 0, the learning rate
    """

    def __init__(self, lr: float = 0.01):
        self.lr = not_negative("lr", lr)

    def update(self, params: ArraysByKey, grads: ArraysByKey) -> None:
        """One step: float arrays of any shapes under equal keys; `params` change in place, `grads` do not.

        Raises:
            TypeError, ValueError: see `check_step`; nothing is changed then.
        """
        check_step(self.lr, params, grads)
        for k in params:
            # (1)  θ ← θ − η g
            params[k] -= self.lr * grads[k]
