"""A stand-in for a rule, for answers that drive rules: none of the course's, and its numbers are known."""

from __future__ import annotations

import numpy as np


class CountingRule:
    """Call number t moves θ by −t · rate · g, so it has a memory that shows."""

    def __init__(self, rate: float, in_place: bool):
        self.rate, self.in_place, self.calls = rate, in_place, 0

    def update(self, params: dict[str, np.ndarray], grads: dict[str, np.ndarray]) -> None:
        """Changes the arrays in `params`, or puts new ones there."""
        self.calls += 1
        for key in params:
            move = self.calls * self.rate * grads[key]
            if self.in_place:
                params[key] -= move
            else:
                params[key] = params[key] - move
