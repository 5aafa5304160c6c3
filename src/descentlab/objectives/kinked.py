"""A convex function of one variable on which the best heavy ball of quadratics never arrives.

Its slope is 25 θ left of 1, θ + 24 from 1 to 2, 25 θ − 24 right of 2: the curvature is 25, 1, 25.
Source: Lessard, Recht and Packard, SIAM Journal on Optimization 26 (2016), section 4.6.
"""

import numpy as np

from descentlab.objectives.objective import Objective


def value(theta: np.ndarray) -> np.ndarray:
    """f at θ: shape (1,) → (), shape (1, …) → (…)."""
    (x,) = theta
    left, middle, right = 12.5 * x**2, x**2 / 2 + 24 * x - 12, 12.5 * x**2 - 24 * x + 36
    return np.where(np.real(x) < 1, left, np.where(np.real(x) < 2, middle, right))


def gradient(theta: np.ndarray) -> np.ndarray:
    """The exact gradient at θ: shape (1,) → (1,)."""
    return np.where(theta < 1, 25 * theta, np.where(theta < 2, theta + 24, 25 * theta - 24))


kinked = Objective(
    "curvature 25, then 1, then 25",
    value,
    gradient,
    minimum=np.zeros(1),
    start=np.array([3.3]),
    extent=(-3.0, 4.0, 0.0, 90.0),
)
