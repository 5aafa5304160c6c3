"""f(θ) = ½ θᵀ A θ with chosen curvatures, turned by an angle."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from descentlab.objectives.objective import Objective
from descentlab.sentences import say


def quadratic(
    eigenvalues: Sequence[float], angle: float = 0.0, start: Sequence[float] | None = None
) -> Objective:
    """½ θᵀ A θ, where A has the given eigenvalues and its first two axes are turned by `angle` (radians).

    d is the number of eigenvalues, at least 2 where the angle is not 0. `start` (shape (d,)) is turned along
    with the bowl; by default it is all ones.
    """
    d = len(eigenvalues)
    turn = np.eye(d)
    if angle:
        cos, sin = np.cos(angle), np.sin(angle)
        turn[:2, :2] = [[cos, -sin], [sin, cos]]
    matrix = turn @ np.diag(np.asarray(eigenvalues, float)) @ turn.T
    begin = turn @ (np.ones(d) if start is None else np.asarray(start, float))
    reach = 1.3 * float(np.max(np.abs(begin)))
    listed = ", ".join([*(f"{value:g}" for value in eigenvalues[:4]), *(["…"] if d > 4 else [])])
    return Objective(
        say("½ θᵀAθ, curvatures {listed}", listed=listed),
        lambda theta: 0.5 * np.einsum("i...,ij,j...->...", theta, matrix, theta),
        lambda theta: matrix @ theta,
        minimum=np.zeros(d),
        start=begin,
        extent=(-reach, reach, -reach, reach),
        hessian=lambda theta: matrix.copy(),
    )
