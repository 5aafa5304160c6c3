"""f(x, y) = (1 − x)² + 100 (y − x²)², a bent valley (Rosenbrock, The Computer Journal 3, 1960)."""

import numpy as np

from descentlab.objectives.objective import Objective


def value(theta: np.ndarray) -> np.ndarray:
    """f at θ: shape (2,) → (), shape (2, …) → (…)."""
    x, y = theta
    return (1 - x) ** 2 + 100 * (y - x**2) ** 2


def gradient(theta: np.ndarray) -> np.ndarray:
    """The exact gradient at θ: shape (2,) → (2,)."""
    x, y = theta
    return np.array([-2 * (1 - x) - 400 * x * (y - x**2), 200 * (y - x**2)])


def hessian(theta: np.ndarray) -> np.ndarray:
    """The matrix of second derivatives at θ: shape (2,) → (2, 2)."""
    x, y = theta
    return np.array([[2 - 400 * (y - 3 * x**2), -400 * x], [-400 * x, 200.0]])


rosenbrock = Objective(
    "(1 − x)² + 100 (y − x²)²",
    value,
    gradient,
    minimum=np.ones(2),
    start=np.array([-1.2, 1.0]),
    extent=(-2.0, 2.0, -1.0, 3.0),
    hessian=hessian,
)
