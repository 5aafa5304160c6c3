"""Expected results of lesson 07-comparison."""

from dataclasses import replace
from math import comb

import numpy as np

from descentlab.exercises.comparison.checks import Creep, steepening
from descentlab.exercises.shared_probes import Gradient, linear
from descentlab.objectives import bowl, descend
from verdicts.spec import ProbeData


def walk(problem: ProbeData) -> np.ndarray:
    """The path of the rule on ½ θᵀ A θ."""
    return _creep(problem, linear(problem["matrix"]), problem["start"])


def by_chance(problem: ProbeData) -> float:
    """The probability that a fair coin shows one of its sides at least `wins` times in `seeds` tosses."""
    wins, seeds = problem["wins"], problem["seeds"]
    return sum(comb(seeds, k) for k in range(seeds + 1) if max(k, seeds - k) >= wins) / 2**seeds


def paired(problem: ProbeData) -> float:
    """The chance of so lopsided a result between equal rules, times the comparisons, at most 1."""
    wins = int(np.sum(problem["losses"] < problem["others"]))
    seeds = len(problem["losses"])
    return min(1.0, problem["races"] * by_chance({"wins": max(wins, seeds - wins), "seeds": seeds}))


def tuned_rate(problem: ProbeData) -> dict[str, float]:
    """The middle of the rates within a factor of 1.5 of the best, 5/13 of itself from both ends; no call too many."""
    return {"rate": 13 / 12 * problem["best"], "calls beyond the budget": 0}


def same_path(problem: ProbeData) -> dict[str, float]:
    """η / c where the step is proportional to the gradient; ε c where it is divided by its size."""
    hyper, c = problem["hyper"], problem["c"]
    return hyper | ({"eps": hyper["eps"] * c} if "eps" in hyper else {"lr": hyper["lr"] / c})


def rotation_gap(problem: ProbeData) -> float:
    """The largest distance between the path and the one in the turned valley, turned back by the angle."""
    cos, sin = np.cos(problem["angle"]), np.sin(problem["angle"])
    turn = np.array([[cos, -sin], [sin, cos]])
    gradient = steepening(problem["matrix"], problem["quartic"])
    plain = _creep(problem, gradient, problem["start"])
    turned = _creep(problem, lambda theta: turn @ gradient(turn.T @ theta), turn @ problem["start"])
    return float(np.abs(turned @ turn - plain).max() / np.abs(plain - plain[0]).max())


def all_pairs(problem: ProbeData) -> tuple[float, np.ndarray]:
    """mean (z − t̄)² + var t, and 2 (z − t̄) / n."""
    difference = problem["z"] - problem["mean"]
    return float((difference**2).mean() + problem["variance"]), 2 * difference / len(difference)


def _creep(problem: ProbeData, gradient: Gradient, start: np.ndarray) -> np.ndarray:
    """The path of the problem's rule; `bowl` lends its form alone."""
    return descend(Creep(problem["lr"]), replace(bowl, gradient=gradient), problem["steps"], start)
