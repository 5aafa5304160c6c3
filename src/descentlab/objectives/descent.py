"""The loop that runs a rule, and how long it takes."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from descentlab.objectives.objective import Objective


class Rule(Protocol):
    """Anything with `update`, which changes the arrays in `params`."""

    def update(self, params: dict[str, np.ndarray], grads: dict[str, np.ndarray]) -> None:
        """One step: arrays of equal shapes under equal keys; `params` then holds the moved ones."""


def descend(rule: Rule, objective: Objective, steps: int, start: np.ndarray | None = None) -> np.ndarray:
    """The path of `steps` updates from `start`: array of shape (steps + 1, d), the start first.

    The rule sees one parameter, "theta", of shape (d,). `start` is by default the objective's. A path that
    runs away ends in inf or NaN, without a warning. What the rule raises is passed on.
    """
    theta = objective.start if start is None else start
    params = {"theta": np.array(theta, dtype=float)}
    path = [params["theta"].copy()]
    with np.errstate(over="ignore", invalid="ignore"):
        for _ in range(steps):
            rule.update(params, {"theta": objective.gradient(params["theta"])})
            path.append(np.array(params["theta"], dtype=float))
    return np.array(path)


def steps_to(objective: Objective, path: np.ndarray, fraction: float = 1e-6) -> int | None:
    """The first step whose distance to the minimum is at most `fraction` of the start's; None: never.

    `path` has shape (steps + 1, d), the start first, as `descend` returns it.
    """
    distance = np.linalg.norm(path - objective.minimum, axis=1)
    near = np.flatnonzero(distance <= fraction * distance[0])
    return int(near[0]) if near.size else None
