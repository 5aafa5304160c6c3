"""The error of each difference quotient over sixteen decades of the distance h."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from descentlab.explorers.controls import Settings, linear, logarithmic, slider
from descentlab.explorers.picture import (
    GRAY,
    REFERENCE,
    Axis,
    Curve,
    Dots,
    Drawable,
    Height,
    Legend,
    Look,
    Panel,
    looks_of,
)
from descentlab.explorers.running import attempt
from descentlab.explorers.widget import Experiment, Scene, explorer

LEAST, MOST = 1e-17, 1e2
FIRST_H = 1e-3
GOAL_WAY = "central"
RING, WIDER = 6.0, 2.5
"""Size of the first ring, in pixels, and the increase for each next one."""
REACH = 0.8
"""Range of the point to either side: the course's function is undefined beyond 2.35."""
AROUND = np.linspace(-2.0, 2.0, 201)


class GradientCheck(Experiment):
    """Your `slopes(f, theta, h)`, a dict of numbers by name, on `f`, whose true slope is `slope`.

    `h` runs over sixteen decades, `at` is the point. `goal` is a relative error that the
    central difference must get below.
    """

    def __init__(
        self,
        slopes: Callable[[Callable, float, float], dict[str, float]],
        f: Callable[[Any], Any],
        slope: Callable[[float], float],
        *,
        at: float = 1.5,
        goal: float | None = None,
    ) -> None:
        self.slopes, self.f, self.slope = slopes, f, slope
        distance = slider("h", logarithmic(1e-16, 0.1, 10), FIRST_H, "distance h")
        self.distances = np.array(distance.values)
        self.controls = [distance, slider("at", linear(at - REACH, at + REACH), at, "the point θ")]
        # If this fails the first picture gives the reason.
        self.ways = attempt(lambda: [str(name) for name in slopes(f, at, FIRST_H)], 1.0)[0] or []
        self.looks = {name: replace(look, marker="") for name, look in looks_of(self.ways).items()}
        axes = Axis("h", *self.distances[[0, -1]], log=True), Axis("relative error", LEAST, MOST, log=True)
        near, far = Axis("s / h", -2.0, 2.0), Axis("(f(θ + s) − f(θ)) / (h f′(θ))", -3.0, 3.0)
        self.panels = (
            Panel("errors", "", *axes, (Height(goal, "goal", GRAY), Legend(self.looks, 0.4))),
            Panel("near", "f as h sees it", near, far, (Curve([-2, 2], [-2, 2], REFERENCE),)),
        )
        self.title = "The distance h"
        self.aim("a central difference with a relative error below {goal:g}", goal)
        self.presets = {"too large": {"h": 0.1}, "too small": {"h": 1e-14}}

    def draw(self, at: Settings, seconds: float) -> Scene:
        """The errors over all h, those at this h, and f around θ at the scale of h."""
        h, theta = at["h"], at["at"]

        def work() -> tuple[dict[str, np.ndarray], list[Drawable]] | None:
            done = self._errors(theta), self._near(theta, h)
            return done if np.isfinite([self.f(theta), self.slope(theta)]).all() else None

        done, trouble = attempt(work, seconds, getattr(self.slopes, "__name__", "slopes"))
        said = [f"h = {h:.3g}."]
        if done is None:
            return Scene([[], []], [*said, trouble or f"f has no value at θ = {theta:.3g}."])
        errors, near = done
        place = np.argmin(np.abs(self.distances - h))
        marks = [Curve([h, h], [LEAST, MOST], Look(GRAY, width=1.0)), *self._curves(errors, h, place)]
        said += [_in_words(name, errors[name][place]) for name in self.looks]
        reached = GOAL_WAY in errors and errors[GOAL_WAY][place] < self.bound
        return Scene([marks, near], said, (reached,))

    def _curves(self, errors: dict[str, np.ndarray], h: float, place: int) -> list[Drawable]:
        """The errors and a point on each; those of `GOAL_WAY` on top, the others' rings around them.

        Central and complex differences are equally wrong as long as h is not small: one would hide the other.
        """
        lines, points = [], []
        for number, name in enumerate(sorted(self.looks, key=lambda name: name == GOAL_WAY)):
            heights, look = np.maximum(errors[name], 2 * LEAST), self.looks[name]
            is_ring = name != GOAL_WAY
            size = RING + WIDER * number if is_ring else 4.5
            lines.append(Curve(self.distances, heights, look))
            points.append(Dots([h], heights[[place]], look.color, "o", size, is_ring))
        return [*lines, *points]

    def _errors(self, theta: float) -> dict[str, np.ndarray]:
        """Relative errors by name for every h."""
        true = float(self.slope(theta))
        rows = [self.slopes(self.f, theta, float(h)) for h in self.distances]
        return {name: np.abs(np.array([float(row[name]) for row in rows]) / true - 1) for name in self.ways}

    def _near(self, theta: float, h: float) -> list[Drawable]:
        ends = np.array([-1.0, 0.0, 1.0])
        seen, at_ends = (
            (self.f(theta + h * places) - self.f(theta)) / (h * float(self.slope(theta)))
            for places in (AROUND, ends)
        )
        return [Curve(AROUND, seen, Look("#0072B2")), Dots(ends, at_ends, "#D55E00", "s", 4)]


explore_gradient_check = explorer(GradientCheck)


def _in_words(way: str, error: float) -> str:
    if np.isnan(error):
        return f"{way}: f has no value so far from θ."
    return f"{way}: relative error {error:.2g}."
