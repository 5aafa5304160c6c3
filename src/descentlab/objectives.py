"""Test functions with exact gradients, and the loop that runs a rule on one of them.

    from descentlab.objectives import bowl, descend

    path = descend(SGD(lr=0.95), bowl, steps=30)       # array of shape (31, 2), the start first
    bowl.value(path[-1]), bowl.gradient(path[-1])      # a float, an array of shape (2,)
    bowl.value(path.T)                                 # the loss along the path, shape (31,)

`bowl` is x²/20 + y², the course's test bed: curvatures 0.1 and 2, start (−7, 2). The others: `quadratic` (any
curvatures, rotated), `rosenbrock`, `saddle`, `double_well`, `kinked` and `chain` (hard, each in its way), and
`noisy`, which adds noise to another's gradient.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

__all__ = [
    "Objective",
    "bowl",
    "chain",
    "descend",
    "double_well",
    "kinked",
    "noisy",
    "quadratic",
    "rosenbrock",
    "saddle",
    "steps_to",
]


@dataclass(frozen=True, repr=False)
class Objective:
    """A function of θ to minimize, with its exact gradient."""

    name: str
    """The formula, as a figure shows it."""
    value: Callable[[np.ndarray], np.ndarray | float]
    """θ of shape (d,) → a float; θ of shape (d, …), a grid or a path's transpose → an array of shape (…)."""
    gradient: Callable[[np.ndarray], np.ndarray]
    """θ of shape (d,) → array of shape (d,)."""
    minimum: np.ndarray
    """The minimum, shape (d,)."""
    start: np.ndarray
    """The default start of a path, shape (d,)."""
    extent: tuple[float, float, float, float]
    """The range of a figure of the first two coordinates: left, right, bottom, top."""
    hessian: Callable[[np.ndarray], np.ndarray] | None = None
    """θ of shape (d,) → array of shape (d, d); of quadratics only."""

    def __repr__(self) -> str:
        return self.name


Arrays = Mapping[str, np.ndarray]
"""Parameters or gradients by key: float arrays of any shapes. What changes them changes the arrays, not the
mapping."""


class Rule(Protocol):
    """Anything with `update`, which changes the arrays in `params`."""

    def update(self, params: dict[str, np.ndarray], grads: dict[str, np.ndarray]) -> None:
        """One step: arrays of equal shapes under equal keys; `params` then holds the moved ones."""


def descend(rule: Rule, objective: Objective, steps: int, start: np.ndarray | None = None) -> np.ndarray:
    """The path of `steps` updates from `start`: array of shape (steps + 1, d), the start first.

    The rule sees one parameter, "theta", of shape (d,). `start` is by default the objective's. A path that
    diverges ends in inf or NaN, without a warning. Exceptions of the rule are passed on.
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


def _in_the_plane(
    name: str,
    value: Callable[[np.ndarray, np.ndarray], np.ndarray],
    slopes: Callable[[float, float], Sequence[float]],
    minimum: Sequence[float],
    start: Sequence[float],
    extent: tuple[float, float, float, float],
) -> Objective:
    """The objective of two coordinates x and y with these formulas."""
    return Objective(
        name,
        lambda theta: value(*theta),
        lambda theta: np.array(slopes(*theta)),
        minimum=np.array(minimum, float),
        start=np.array(start, float),
        extent=extent,
    )


bowl = _in_the_plane(
    "x²/20 + y²",
    lambda x, y: x**2 / 20 + y**2,
    lambda x, y: (0.1 * x, 2 * y),
    minimum=(0, 0),
    start=(-7, 2),
    extent=(-8.0, 8.0, -4.0, 4.0),
)
"""A stretched bowl, the course's test bed: curvature 0.1 along x, 2 along y.

Known from chapter 6 of Saitoh, Deep Learning from Scratch (O'Reilly Japan, 2016).
"""

rosenbrock = _in_the_plane(
    "(1 − x)² + 100 (y − x²)²",
    lambda x, y: (1 - x) ** 2 + 100 * (y - x**2) ** 2,
    lambda x, y: (-2 * (1 - x) - 400 * x * (y - x**2), 200 * (y - x**2)),
    minimum=(1, 1),
    start=(-1.2, 1),
    extent=(-2.0, 2.0, -1.0, 3.0),
)
"""A bent valley (Rosenbrock, The Computer Journal 3, 1960)."""

saddle = _in_the_plane(
    "x² − y² + y⁴/4",
    lambda x, y: x**2 - y**2 + y**4 / 4,
    lambda x, y: (2 * x, -2 * y + y**3),
    minimum=(0, np.sqrt(2)),
    start=(1.5, 1e-3),
    extent=(-2.0, 2.0, -2.0, 2.0),
)
"""A saddle at the origin between two valleys at y = ±√2. The path starts almost on the ridge, where the way down is
hardly to be felt."""

TILT = 0.2
"""Slope of the plane that makes the double well's left valley the deeper one."""
double_well = _in_the_plane(
    "(x² − 1)² + x/5 + y²/2",
    lambda x, y: (x**2 - 1) ** 2 + TILT * x + y**2 / 2,
    lambda x, y: (4 * x * (x**2 - 1) + TILT, y),
    minimum=(float(np.min(np.roots([4.0, 0.0, -4.0, TILT]).real)), 0),  # the lowest root of 4x³ − 4x + 1/5
    start=(1.7, 1.5),
    extent=(-2.0, 2.0, -2.0, 2.0),
)
"""Two valleys, the right one shallower, with a ridge between them. The path starts on the right: only a rule with
speed enough crosses the ridge."""


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
        f"½ θᵀAθ, curvatures {listed}",
        lambda theta: 0.5 * np.einsum("i...,ij,j...->...", theta, matrix, theta),
        lambda theta: matrix @ theta,
        minimum=np.zeros(d),
        start=begin,
        extent=(-reach, reach, -reach, reach),
        hessian=lambda theta: matrix.copy(),
    )


def noisy(objective: Objective, sigma: float, seed: int = 0) -> Objective:
    """The objective with independent normal noise of standard deviation `sigma` in each gradient's entries.

    The value has none. The noise goes on from call to call; make it again with the same seed to see the same
    noise.
    """
    rng = np.random.default_rng(seed)

    def gradient(theta: np.ndarray) -> np.ndarray:
        exact = objective.gradient(theta)
        return exact + sigma * rng.standard_normal(exact.shape)

    name = f"{objective.name}, noise {sigma:g}"
    return replace(objective, name=name, gradient=gradient)


def chain(links: int) -> Objective:
    """A chain of that many springs, 1 or more: ½ θᵀ A θ − θ₁ with A = tridiag(−1, 2, −1), θ of shape (links,).

    Hard for all that see only gradients: from zero, only the first link feels a pull; each step wakes one link
    more, whatever the rule does with the gradients it has seen. Its curvatures lie between 0 and 4. Source:
    Nesterov, Introductory Lectures on Convex Optimization (2004), section 2.1.2.
    """
    rest = 1 - np.arange(1, links + 1) / (links + 1)

    def gradient(theta: np.ndarray) -> np.ndarray:
        g = 2 * theta
        g[:-1] -= theta[1:]
        g[1:] -= theta[:-1]
        g[0] -= 1
        return g

    def value(theta: np.ndarray) -> np.ndarray:
        stretch = np.diff(theta, axis=0)
        ends = theta[0] ** 2 + theta[-1] ** 2
        return 0.5 * (ends + np.sum(stretch**2, axis=0)) - theta[0]

    return Objective(
        f"a chain of {links} springs",
        value,
        gradient,
        minimum=rest,
        start=np.zeros(links),
        extent=(-0.5, 1.5, -0.5, 1.5),
    )


def _kinked_value(theta: np.ndarray) -> np.ndarray:
    """f at θ: shape (1,) → (), shape (1, …) → (…)."""
    (x,) = theta
    left, middle, right = 12.5 * x**2, x**2 / 2 + 24 * x - 12, 12.5 * x**2 - 24 * x + 36
    return np.where(np.real(x) < 1, left, np.where(np.real(x) < 2, middle, right))


kinked = Objective(
    "curvature 25, then 1, then 25",
    _kinked_value,
    lambda theta: np.where(theta < 1, 25 * theta, np.where(theta < 2, theta + 24, 25 * theta - 24)),
    minimum=np.zeros(1),
    start=np.array([3.3]),
    extent=(-3.0, 4.0, 0.0, 90.0),
)
"""A convex function of one variable on which the best heavy ball of quadratics never arrives.

Its slope is 25 θ left of 1, θ + 24 from 1 to 2, 25 θ − 24 right of 2: the curvature is 25, 1, 25.
Source: Lessard, Recht and Packard, SIAM Journal on Optimization 26 (2016), section 4.6.
"""
