"""What an objective is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Objective:
    """A function of θ to be made small, with its exact gradient."""

    name: str
    """The formula, as a figure shows it."""
    value: Callable[[np.ndarray], np.ndarray | float]
    """θ of shape (d,) → a float; θ of shape (d, …), a grid or a path's transpose → an array of shape (…)."""
    gradient: Callable[[np.ndarray], np.ndarray]
    """θ of shape (d,) → array of shape (d,)."""
    minimum: np.ndarray
    """Where the value is smallest, shape (d,)."""
    start: np.ndarray
    """Where a path begins unless told otherwise, shape (d,)."""
    extent: tuple[float, float, float, float]
    """What a figure of the first two coordinates shows: left, right, bottom, top."""
    hessian: Callable[[np.ndarray], np.ndarray] | None = None
    """θ of shape (d,) → array of shape (d, d)."""
    saddle_point: np.ndarray | None = None
    """Where the gradient is zero and the curvature has both signs, shape (d,); None: nothing to mark."""
