"""Odd answers of the twelfth blind set, lesson 02."""

from collections import deque

import numpy as np
from blind_collection import wrong


@wrong(
    "momentum/update",
    "Keeps only the last three gradients of each key and sums them with weights μ⁰, μ¹, μ²: older ones are forgotten.",
)
class MomentumWindow_02_o1:
    """Momentum with an explicit, memory-efficient gradient history buffer.

    Older gradients have negligible weight and are evicted automatically.
    """

    def __init__(self, lr: float = 0.01, momentum: float = 0.9, history: int = 3) -> None:
        if not 0.0 <= momentum <= 1.0:
            raise ValueError(f"invalid momentum: {momentum}")
        self.lr = lr
        self.momentum = momentum
        self.history = history
        self._buffers: dict = {}

    def _velocity(self, key):
        newest_first = reversed(self._buffers[key])
        return -self.lr * sum(self.momentum**age * g for age, g in enumerate(newest_first))

    def update(self, params, grads):
        for key in params:
            buffer = self._buffers.setdefault(key, deque(maxlen=self.history))
            buffer.append(np.array(grads[key], copy=True))
            params[key] += self._velocity(key)


@wrong(
    "momentum/ball",
    "Returns a dict with the names lr and momentum instead of the pair.",
)
def from_ball_dict_02_o2(mass, friction, h):
    total = mass + friction * h
    return {"lr": h**2 / total, "momentum": mass / total}


@wrong(
    "momentum/tuned",
    "Searches a grid so coarse (tenths) that the best pair is not in it.",
)
def tuned_grid_02_o3(flattest, steepest):
    best, pair = np.inf, (0.1, 0.9)
    for lr in np.arange(0.1, 4.0, 0.1):
        for mu in np.arange(0.0, 1.0, 0.1):
            worst = 0.0
            for lam in (flattest, steepest):
                M = np.array([[1 + mu - lr * lam, -mu], [1.0, 0.0]])
                worst = max(worst, np.abs(np.linalg.eigvals(M)).max())
            if worst < best:
                best, pair = worst, (lr, mu)
    return pair
