"""Strange answers of the tenth blind set, lesson 02."""

import numpy as np
from blind_collection import wrong


@wrong(
    "momentum/update",
    "Returns a new dict with the new places, as functional libraries do, and leaves params as it was.",
)
class Momentum_02_odd_a:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr = lr
        self.momentum = momentum
        self.v = {}

    def update(self, params, grads):
        self.v = {k: self.momentum * self.v.get(k, np.zeros_like(g)) - self.lr * g for k, g in grads.items()}
        return {k: params[k] + self.v[k] for k in params}


@wrong("momentum/ball", "Raises an error for a ball without friction, which the lesson allows (c ≥ 0).")
def from_ball_02_odd_b(mass, friction, h):
    if not (mass > 0 and friction > 0 and h > 0):
        raise ValueError("mass, friction and h must all be positive")
    damping = mass + friction * h
    return h**2 / damping, mass / damping
