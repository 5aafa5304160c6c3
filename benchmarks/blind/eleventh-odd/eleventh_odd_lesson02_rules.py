"""Odd answers, lesson 02."""

from typing import Tuple

import numpy as np
from blind_collection import wrong


@wrong(
    "momentum/read-off",
    "A long fit by least squares with one wrong detail: the slope is taken at the place after the step instead of before it.",
)
def read_off_odd_02_a(path: np.ndarray) -> Tuple[float, float]:
    """Estimate (learning rate x curvature, momentum) from a recorded trajectory.

    Uses an overdetermined linear least-squares fit of the heavy-ball recursion
        v_{t+1} = momentum * v_t - (lr * curvature) * theta
    over all available time steps for numerical robustness.
    """
    trajectory = np.asarray(path, dtype=np.float64).ravel()
    if trajectory.size < 4:
        raise ValueError("path is too short: need at least four places")
    velocities = np.diff(trajectory)
    target = velocities[1:]
    design = np.column_stack((-trajectory[2:], velocities[:-1]))
    solution, _residuals, _rank, _singular = np.linalg.lstsq(design, target, rcond=None)
    return float(solution[0]), float(solution[1])


flattest_so_far = None
steepest_so_far = None


@wrong(
    "momentum/tuned",
    "Keeps the smallest and the largest curvature of all calls in globals, so an earlier call changes a later answer.",
)
def tuned_odd_02_b(flattest, steepest):
    global flattest_so_far, steepest_so_far
    if flattest_so_far is None or flattest < flattest_so_far:
        flattest_so_far = flattest
    if steepest_so_far is None or steepest > steepest_so_far:
        steepest_so_far = steepest
    low, high = np.sqrt(flattest_so_far), np.sqrt(steepest_so_far)
    return (2 / (low + high)) ** 2, ((high - low) / (high + low)) ** 2
