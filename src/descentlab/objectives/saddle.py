"""f(x, y) = x² − y² + y⁴/4: a saddle at the origin between two valleys at y = ±√2.

The path starts almost on the ridge, where the way down is hardly to be felt.
"""

import numpy as np

from descentlab.objectives.objective import Objective


def value(theta: np.ndarray) -> np.ndarray:
    """f at θ: shape (2,) → (), shape (2, …) → (…)."""
    x, y = theta
    return x**2 - y**2 + y**4 / 4


def gradient(theta: np.ndarray) -> np.ndarray:
    """The exact gradient at θ: shape (2,) → (2,)."""
    x, y = theta
    return np.array([2 * x, -2 * y + y**3])


def hessian(theta: np.ndarray) -> np.ndarray:
    """The matrix of second derivatives at θ: shape (2,) → (2, 2)."""
    return np.diag([2.0, -2 + 3 * theta[1] ** 2])


saddle = Objective(
    "x² − y² + y⁴/4",
    value,
    gradient,
    minimum=np.array([0.0, np.sqrt(2)]),
    start=np.array([1.5, 1e-3]),
    extent=(-2.0, 2.0, -2.0, 2.0),
    hessian=hessian,
    saddle_point=np.zeros(2),
)
