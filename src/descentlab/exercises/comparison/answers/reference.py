"""Expected results of lesson 07-comparison."""

from collections.abc import Callable
from math import comb
from typing import Any

import numpy as np

import descentlab.rules
from descentlab.checks.spec import ProbeData
from descentlab.exercises.comparison.checks import Creep, steepening

Gradient = Callable[[np.ndarray], np.ndarray]


def six_rules(problem: ProbeData) -> np.ndarray:
    """The path of the named rule on ½ θᵀ A θ."""
    rule = getattr(descentlab.rules, problem["name"])(**problem["hyper"])
    return _path(rule, lambda theta: problem["matrix"] @ theta, problem["start"], problem["steps"])


def by_chance(problem: ProbeData) -> float:
    """The probability that a fair coin shows one of its sides at least `wins` times in `seeds` tosses."""
    wins, seeds = problem["wins"], problem["seeds"]
    return sum(comb(seeds, k) for k in range(seeds + 1) if max(k, seeds - k) >= wins) / 2**seeds


def same_path(problem: ProbeData) -> dict[str, float]:
    """η / c where the step is proportional to the gradient; ε c where it is divided by its size."""
    hyper, c = problem["hyper"], problem["c"]
    return hyper | ({"eps": hyper["eps"] * c} if "eps" in hyper else {"lr": hyper["lr"] / c})


def rotation_gap(problem: ProbeData) -> float:
    """The largest distance between the path and the one in the turned valley, turned back by the angle."""
    cos, sin = np.cos(problem["angle"]), np.sin(problem["angle"])
    turn = np.array([[cos, -sin], [sin, cos]])
    gradient = _steepening(problem)
    path = _creep(problem, lambda theta: turn @ gradient(turn.T @ theta), turn @ problem["start"])
    return _gap(problem, path @ turn)


def all_pairs(problem: ProbeData) -> tuple[float, np.ndarray]:
    """mean (z − t̄)² + var t, and 2 (z − t̄) / n."""
    difference = problem["z"] - problem["mean"]
    return float((difference**2).mean() + problem["variance"]), 2 * difference / len(difference)


def logit_loss(problem: ProbeData) -> tuple[float, np.ndarray]:
    """Mean of w t ln(1 + e⁻ᶻ) + (1 − t) ln(1 + eᶻ), and its slope (s (1 − t) − w t (1 − s)) / n."""
    z, t, weight = problem["z"], problem["t"], problem["weight"]
    losses = weight * t * np.logaddexp(0, -z) + (1 - t) * np.logaddexp(0, z)
    s = np.exp(-np.logaddexp(0, -z))
    return float(losses.mean()), (s * (1 - t) - weight * t * (1 - s)) / len(z)


def _path(rule: Any, gradient: Gradient, start: Any, steps: int) -> np.ndarray:
    params = {"theta": np.array(start, float)}
    path = [params["theta"].copy()]
    for _ in range(steps):
        rule.update(params, {"theta": gradient(params["theta"])})
        path.append(params["theta"].copy())
    return np.array(path)


def _steepening(problem: ProbeData) -> Gradient:
    return steepening(problem["matrix"], problem["quartic"])


def _creep(problem: ProbeData, gradient: Gradient, start: np.ndarray) -> np.ndarray:
    return _path(Creep(problem["lr"]), gradient, start, problem["steps"])


def _gap(problem: ProbeData, changed: np.ndarray) -> float:
    plain = _creep(problem, _steepening(problem), problem["start"])
    return float(np.abs(changed - plain).max() / np.abs(plain - plain[0]).max())
