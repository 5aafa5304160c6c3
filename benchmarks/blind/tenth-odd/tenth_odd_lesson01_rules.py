"""Strange answers of the tenth blind set, lesson 01."""

import numpy as np
from blind_collection import wrong


@wrong("sgd/best-lr", "A function that would give the number, never called.")
def best_lr_01_odd_a():
    curvatures = np.array([0.5, 3, 8])
    return 2 / (curvatures.min() + curvatures.max())


@wrong(
    "sgd/update",
    "An over-engineered class: it clips all gradients together to the length 1, which gradient descent does not do.",
)
class Sgd_01_odd_b:
    """Stochastic Gradient Descent optimizer with production-ready safeguards.

    Args:
        lr: Learning rate. Must be positive.
        weight_decay: L2 regularisation strength.
        max_norm: Global gradient-norm threshold for numerical stability.
    """

    def __init__(self, lr=0.01, weight_decay=0.0, max_norm=1.0):
        if lr <= 0:
            raise ValueError(f"Invalid learning rate: {lr}")
        self.lr = lr
        self.weight_decay = weight_decay
        self.max_norm = max_norm

    def _clip_coefficient(self, grads):
        total_norm = np.sqrt(sum(float(np.sum(np.square(g))) for g in grads.values()))
        return min(1.0, self.max_norm / (total_norm + 1e-12))

    def update(self, params, grads):
        coefficient = self._clip_coefficient(grads)
        for name, param in params.items():
            gradient = coefficient * grads[name]
            if self.weight_decay:
                gradient = gradient + self.weight_decay * param
            param -= self.lr * gradient


_worst_so_far = [0.0]


@wrong("sgd/worst-factor", "Keeps the largest size of all earlier calls in a global list and returns that.")
def worst_factor_01_odd_c(lr, curvatures):
    for c in curvatures:
        _worst_so_far[0] = max(_worst_so_far[0], abs(1 - lr * c))
    return _worst_so_far[0]
