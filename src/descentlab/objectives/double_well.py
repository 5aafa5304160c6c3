"""f(x, y) = (x² − 1)² + x/5 + y²/2: two valleys, the right one shallower, with a ridge between them.

The path starts on the right: only a rule with speed enough crosses the ridge.
"""

import numpy as np

from descentlab.objectives.objective import Objective

SLOPE = 0.2
"""Of the plane that makes the left valley the deeper one."""


def value(theta: np.ndarray) -> np.ndarray:
    """f at θ: shape (2,) → (), shape (2, …) → (…)."""
    x, y = theta
    return (x**2 - 1) ** 2 + SLOPE * x + y**2 / 2


def gradient(theta: np.ndarray) -> np.ndarray:
    """The exact gradient at θ: shape (2,) → (2,)."""
    x, y = theta
    return np.array([4 * x * (x**2 - 1) + SLOPE, y])


def hessian(theta: np.ndarray) -> np.ndarray:
    """The matrix of second derivatives at θ: shape (2,) → (2, 2)."""
    return np.diag([12 * theta[0] ** 2 - 4, 1.0])


double_well = Objective(
    "(x² − 1)² + x/5 + y²/2",
    value,
    gradient,
    # The lowest root of 4x³ − 4x + 1/5.
    minimum=np.array([float(np.min(np.roots([4.0, 0.0, -4.0, SLOPE]).real)), 0.0]),
    start=np.array([1.7, 1.5]),
    extent=(-2.0, 2.0, -2.0, 2.0),
    hessian=hessian,
)
