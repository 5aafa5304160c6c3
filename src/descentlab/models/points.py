"""Points in the plane in two classes: a problem a straight line cannot solve."""

from __future__ import annotations

import numpy as np


def moons(rows: int, rng: np.random.Generator, noise: float = 0.1) -> tuple[np.ndarray, np.ndarray]:
    """Two half circles that reach into each other: x (rows, 2), t (rows, 1) of 0.0 and 1.0.

    The upper half circle (class 0) has centre (0, 0), the lower (class 1) centre (1, 0.5), both radius 1;
    `noise` is the standard deviation around them.
    """
    t = np.arange(rows) % 2
    angle = rng.uniform(0, np.pi, rows)
    upper = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    x = np.where(t[:, None] == 0, upper, [1, 0.5] - upper)
    return x + noise * rng.standard_normal((rows, 2)), t[:, None].astype(float)
