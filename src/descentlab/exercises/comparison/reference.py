"""Expected results of lesson 07-comparison."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

import descentlab.rules
from descentlab.exercises.comparison.checks import Creep, steepening

Gradient = Callable[[np.ndarray], np.ndarray]


def six_rules(problem: Mapping[str, Any]) -> np.ndarray:
    """The path of the named rule on ½ θᵀ A θ."""
    rule = getattr(descentlab.rules, problem["name"])(**problem["hyper"])
    return _path(rule, lambda theta: problem["matrix"] @ theta, problem["start"], problem["steps"])


def best_rate(problem: Mapping[str, Any]) -> tuple[float, float]:
    """The rate of the lowest median, a run without an end counted as inf, and that median."""
    ended = np.where(np.isfinite(problem["losses"]), problem["losses"], np.inf)
    medians = np.sort(ended, axis=1)[:, ended.shape[1] // 2]
    best = int(medians.argmin())
    return float(problem["rates"][best]), float(medians[best])


def scale_gap(problem: Mapping[str, Any]) -> float:
    """The path with g against the path with c g."""
    gradient = _steepening(problem)
    return _gap(problem, _creep(problem, lambda theta: problem["factor"] * gradient(theta), problem["start"]))


def rotation_gap(problem: Mapping[str, Any]) -> float:
    """The path against that in the turned valley, turned back. Q turns by the angle."""
    cos, sin = np.cos(problem["angle"]), np.sin(problem["angle"])
    turn = np.array([[cos, -sin], [sin, cos]])
    gradient = _steepening(problem)
    path = _creep(problem, lambda theta: turn @ gradient(turn.T @ theta), turn @ problem["start"])
    return _gap(problem, path @ turn)


def row_error(problem: Mapping[str, Any]) -> tuple[float, np.ndarray]:
    """mean (z − t)² over the rows, and 2 (z − t) / n."""
    difference = problem["z"] - problem["t"].reshape(-1, 1)
    return float((difference**2).mean()), 2 * difference / len(difference)


def reported(problem: Mapping[str, Any]) -> float:
    """The test accuracy of the first epoch with the best validation."""
    return float(problem["test"][int(problem["valid"].argmax())])


def _path(rule: Any, gradient: Gradient, start: Any, steps: int) -> np.ndarray:
    params = {"theta": np.array(start, float)}
    path = [params["theta"].copy()]
    for _ in range(steps):
        rule.update(params, {"theta": gradient(params["theta"])})
        path.append(params["theta"].copy())
    return np.array(path)


def _steepening(problem: Mapping[str, Any]) -> Gradient:
    return steepening(problem["matrix"], problem["quartic"])


def _creep(problem: Mapping[str, Any], gradient: Gradient, start: np.ndarray) -> np.ndarray:
    return _path(Creep(problem["lr"]), gradient, start, problem["steps"])


def _gap(problem: Mapping[str, Any], changed: np.ndarray) -> float:
    plain = _creep(problem, _steepening(problem), problem["start"])
    return float(np.abs(changed - plain).max() / np.abs(plain - plain[0]).max())


REFERENCES = {
    "comparison/six-rules": six_rules,
    "comparison/best-rate": best_rate,
    "comparison/scale-gap": scale_gap,
    "comparison/rotation-gap": rotation_gap,
    "comparison/row-error": row_error,
    "comparison/reported": reported,
}
