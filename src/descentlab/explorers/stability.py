"""The plane of learning rates and momenta: what theory says there, and what the student's class does."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from descentlab.agreement import within
from descentlab.explorers.controls import Point, settings_of
from descentlab.explorers.paths import factor_per_step
from descentlab.explorers.picture import (
    GREY,
    INK,
    Area,
    Axis,
    Curve,
    Dots,
    Handle,
    Look,
    Mark,
    Panel,
    legend,
    looks_of,
)
from descentlab.explorers.running import Run, follow, foretold
from descentlab.explorers.stability_map import SHADE, SHADED, map_of
from descentlab.explorers.widget import Goal, Preset, Scene, show
from descentlab.objectives import quadratic
from descentlab.sentences import say

THEORY = Look(GREY, (2, 3), width=1.6)
WIDTH = 240
"""Of a panel, in pixels: three stand side by side."""
CIRCLE = np.array([np.cos(np.linspace(0, 2 * np.pi, 73)), np.sin(np.linspace(0, 2 * np.pi, 73))])
ROOTS = ("o", "s", "D", "p")
LINEAR = 1e-6
"""How well a recurrence of two terms must say the next place, in units of the path."""


def explore_stability(
    rule_class: type,
    radius: Callable[[float, float, float], float],
    curvatures: Sequence[float] = (1.0,),
    *,
    lr: float | None = None,
    momentum: float = 0.9,
    steps: int = 100,
    goal: float | None = None,
) -> None:
    """Your class at a point of the (η, μ) plane, over the shaded levels of your spectral radius.

    `radius(lr, momentum, curvature)` is the factor per step that your theory promises; of several
    `curvatures` the slowest counts. Beside it: the roots in the complex plane, measured on your class's own
    path, two for each curvature; and the distance from the minimum. `goal` is a factor per step to get below,
    measured on your class; a window shows its region from nearer where that is small. The best point is
    marked once the goal is reached, or at once where there is none.

    Raises:
        TypeError: a class without the arguments lr and momentum.
    """
    show(Stability(rule_class, radius, curvatures, lr, momentum, steps, goal))


class Stability:
    """The experiment behind `explore_stability`."""

    def __init__(
        self,
        rule_class: type,
        radius: Callable[[float, float, float], float],
        curvatures: Sequence[float],
        lr: float | None,
        momentum: float,
        steps: int,
        goal: float | None,
    ) -> None:
        if not {"lr", "momentum"} <= set(settings_of(rule_class)):
            raise TypeError(say("explore_stability needs a class with the arguments lr and momentum"))
        self.rule_class, self.radius, self.curvatures = rule_class, radius, tuple(curvatures)
        self.name, self.steps, self.bound = rule_class.__name__, steps, goal
        self.valley = quadratic(self.curvatures)
        self.look = looks_of([self.name])[0]
        self.best_is_shown = goal is None
        self.x = Axis(say("learning rate η"), 0.0, 4 / max(self.curvatures))
        self.y = Axis(say("momentum μ"), 0.0, 1.0)
        self.map = map_of(self._theory, self.x, self.y, goal)
        self.panels = (
            Panel("plane", say("factor per step"), self.x, self.y, self.map.marks, "at", self._help(), WIDTH),
            self._roots_panel(),
            self._distance_panel(),
        )
        self.title = say("Where {rule} is stable, and how fast", rule=self.name)
        self.goal = None if goal is None else Goal((say("a factor per step below {goal}", goal=f"{goal:g}"),))
        begin = (0.15 if lr is None else lr / self.x.high, momentum)
        self.controls = [Point("at", begin)]
        self.presets = [
            Preset(say("as at first"), {"at": begin}),
            Preset(say("plain descent"), {"at": (begin[0], 0.0)}),
            Preset(say("diverges"), {"at": (0.97, 0.8)}),
        ]

    @staticmethod
    def _help() -> str:
        return say("Drag the point, or use the arrow keys (with Shift in small steps).")

    def _roots_panel(self) -> Panel:
        real, imaginary = Axis(say("real part"), -1.3, 1.3), Axis(say("imaginary part"), -1.3, 1.3)
        circle = Curve(*CIRCLE, Look(INK, width=1.4))
        inside = Area(*CIRCLE, SHADED, SHADE)
        looks = {
            say("λ = {curvature}", curvature=f"{curvature:g}"): Look(self.look.color, (), marker, 0.0)
            for curvature, marker in zip(self.curvatures, ROOTS, strict=False)
        }
        marks = (inside, circle, *legend(looks, real, imaginary, 0.05))
        return Panel("roots", say("roots of a step"), real, imaginary, marks, width=WIDTH)

    def _distance_panel(self) -> Panel:
        axes = Axis(say("step"), 0, self.steps), Axis(say("distance"), 1e-9, 1e3, log=True)
        lines = {self.name: self.look, say("theory"): THEORY}
        names = tuple(legend(lines, *axes, 0.35))
        return Panel("distance", say("distance, run by your class"), *axes, names, width=WIDTH)

    def _theory(self, lr: float, momentum: float) -> float:
        return max(float(self.radius(lr, momentum, curvature)) for curvature in self.curvatures)

    def draw(self, at: dict[str, Any], seconds: float) -> Scene:
        """The measured path and its roots at this η and μ beside the theory's line."""
        lr, momentum = self.x.value(at["at"][0]), self.y.value(at["at"][1])
        lr, momentum = float(f"{lr:.4g}"), float(f"{momentum:.4g}")
        run = follow(
            self.name, lambda: self.rule_class(lr=lr, momentum=momentum),
            self.valley, self.valley.start, self.steps, seconds,
        )  # fmt: skip
        distance = np.linalg.norm(run.path, axis=1)
        said = [say("η = {lr}, μ = {momentum}.", lr=f"{lr:g}", momentum=f"{momentum:g}")]
        measured = factor_per_step(run.path, self.valley)
        if measured is not None:
            factor = f"{measured:.3g}"
            said.append(
                say(
                    "A step of {rule} multiplies the distance by about {factor}.",
                    rule=self.name,
                    factor=factor,
                )
            )
        theory_lines, judged = self._theory_line(lr, momentum, distance[0], seconds)
        said.append(judged)
        if run.trouble:
            said.append(run.trouble)
        sound = measured is not None and not run.trouble
        reached = sound and self.bound is not None and measured < self.bound
        self.best_is_shown |= reached
        walked = Curve(np.arange(len(distance)), distance, self.look, halo=True)
        color = self.look.color
        best = self.map.best_point() if self.best_is_shown else []
        over = [*best, Handle(lr, momentum, color), *self.map.handle(lr, momentum, color)]
        return Scene([over, self._roots(run), [*theory_lines, walked]], " ".join(said), (reached,))

    def _theory_line(
        self, lr: float, momentum: float, distance: float, seconds: float
    ) -> tuple[list[Mark], str]:
        """The distance as the theory has it, and what it says; no line where it raises."""
        theory, trouble = foretold(lambda: self._theory(lr, momentum), seconds)
        if theory is None:
            return [], trouble
        steps = np.arange(self.steps + 1)
        with np.errstate(all="ignore"):
            return [Curve(steps, distance * theory**steps, THEORY)], _verdict(theory)

    def _roots(self, run: Run) -> list[Mark]:
        marks: list[Mark] = []
        for places, marker in zip(run.path.T, ROOTS, strict=False):
            roots = roots_of(places)
            marks.append(Dots(roots.real, roots.imag, self.look.color, marker, 5))
        return marks


def _verdict(theory: float) -> str:
    factor = f"{theory:.3g}"
    if theory < 1:
        return say("The theory says {factor}: stable.", factor=factor)
    return say("The theory says {factor}: unstable.", factor=factor)


def roots_of(places: np.ndarray) -> np.ndarray:
    """The roots s of s² = a s + b, where each place is a times the last plus b times the one before.

    None where the places follow no such line, as those of a rule that is not linear.
    """
    places = places[:40] / np.abs(places[:40]).max()
    if len(places) < 4:
        return np.array([])
    if within(places[2] * places[0], places[1] ** 2, LINEAR * places[0] ** 2):
        roots = np.array([places[1] / places[0]], complex)  # plain descent: one term is enough
    else:
        before = np.stack([places[1:-1], places[:-2]], axis=1)
        a, b = np.linalg.lstsq(before, places[2:], rcond=None)[0]
        if np.abs(before @ [a, b] - places[2:]).max() > LINEAR:
            return np.array([])
        roots = np.roots([1.0, -a, -b])
    return roots
