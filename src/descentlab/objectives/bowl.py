"""f(x, y) = x²/20 + y², a stretched bowl: curvature 0.1 along x, 2 along y.

The course's test bed, known from chapter 6 of Saitoh, Deep Learning from Scratch (O'Reilly Japan, 2016).
"""

import numpy as np

from descentlab.objectives.objective import Objective

CURVATURES = np.array([0.1, 2.0])


def value(theta: np.ndarray) -> np.ndarray:
    """f at θ: shape (2,) → (), shape (2, …) → (…)."""
    x, y = theta
    return x**2 / 20 + y**2


def gradient(theta: np.ndarray) -> np.ndarray:
    """The exact gradient at θ: shape (2,) → (2,)."""
    return CURVATURES * theta


def hessian(theta: np.ndarray) -> np.ndarray:
    """The matrix of second derivatives at θ: shape (2,) → (2, 2)."""
    return np.diag(CURVATURES)


bowl = Objective(
    "x²/20 + y²",
    value,
    gradient,
    minimum=np.zeros(2),
    start=np.array([-7.0, 2.0]),
    extent=(-8.0, 8.0, -4.0, 4.0),
    hessian=hessian,
)
