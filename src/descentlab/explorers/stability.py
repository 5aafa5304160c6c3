"""The plane of learning rates and momenta: what theory says there, and what the student's class does."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from descentlab.explorers.controls import Point, settings_of
from descentlab.explorers.paths import factor_per_step
from descentlab.explorers.picture import (
    GREY,
    INK,
    Axis,
    Dots,
    Line,
    Look,
    Mark,
    Panel,
    Words,
    legend,
    looks_of,
)
from descentlab.explorers.running import FIRST_SECONDS, follow, quiet, what_went_wrong
from descentlab.explorers.widget import Goal, Preset, Scene, show
from descentlab.objectives import quadratic

GRID = 61
LEVELS = (0.7, 0.8, 0.9, 0.95, 1.0)
HELP = "η and μ: click, drag, or move the point with the arrow keys; with Shift in small steps."
THEORY = Look(GREY, (2, 3), width=1.6)


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
    """Your class at a point of the (η, μ) plane, over the level lines of your spectral radius.

    `radius(lr, momentum, curvature)` is the factor per step that your theory promises; of several
    `curvatures` the slowest counts. `goal` is a factor per step to get below, measured on your class. Raises
    TypeError for a class without the arguments lr and momentum.
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
            raise TypeError("explore_stability needs a class with the arguments lr and momentum")
        self.rule_class, self.radius, self.curvatures = rule_class, radius, tuple(curvatures)
        self.name, self.steps, self.bound = rule_class.__name__, steps, goal
        self.valley = quadratic(self.curvatures)
        self.look = looks_of([self.name])[0]
        largest = 4 / max(self.curvatures)
        x, y = Axis("learning rate η", 0.0, largest), Axis("momentum μ", 0.0, 1.0)
        over = Panel("plane", "spectral radius", x, y, self._levels(x, y), "at", HELP)
        axes = Axis("step", 0, steps), Axis("distance", 1e-9, 1e3, log=True)
        lines = {self.name: self.look, "theory": THEORY}
        self.panels = (over, Panel("distance", "", *axes, tuple(legend(lines, *axes))))
        self.title = f"Where {self.name} is stable, and how fast"
        self.goal = None if goal is None else Goal(f"a factor per step below {goal:g}")
        begin = (0.025 if lr is None else lr / largest, momentum)
        self.controls = [Point("at", begin)]
        self.presets = [
            Preset("as at first", {"at": begin}),
            Preset("plain descent", {"at": (begin[0], 0.0)}),
            Preset("diverges", {"at": (0.97, 0.8)}),
        ]

    def _levels(self, x: Axis, y: Axis) -> tuple[Mark, ...]:
        # Over μ the levels bend less than over η, and each point is a call of the student's function.
        rates, momenta = np.linspace(x.high / 500, x.high, GRID), np.linspace(y.low, 0.999, 2 * GRID // 3)
        try:
            with quiet(FIRST_SECONDS):
                heights = np.array([[self._theory(rate, mu) for rate in rates] for mu in momenta])
        except NotImplementedError:
            raise
        except Exception:
            return ()  # the sentence under the picture says why
        drawn = Figure().add_subplot().contour(rates, momenta, heights, levels=LEVELS)
        found: list[Mark] = []
        for level, path in zip(LEVELS, drawn.get_paths(), strict=True):
            path.should_simplify = False  # it would take data for pixels
            look = Look(INK if level == 1 else GREY, width=2.0 if level == 1 else 0.9)
            pieces = path.to_polygons(closed_only=False)
            found += [Line(*piece.T, look) for piece in pieces]
            if pieces:
                top = max(pieces, key=len)
                beside = top[len(top) // 2]
                found.append(Words(*map(float, beside), f"{level:g}", look.color))
        return tuple(found)

    def _theory(self, lr: float, momentum: float) -> float:
        return max(float(self.radius(lr, momentum, curvature)) for curvature in self.curvatures)

    def draw(self, at: dict[str, Any], seconds: float) -> Scene:
        """The measured path at this η and μ beside the theory's line."""
        lr, momentum = (axis.value(place) for axis, place in zip(self._axes, at["at"], strict=True))
        lr, momentum = float(f"{lr:.4g}"), float(f"{momentum:.4g}")
        run = follow(
            self.name, lambda: self.rule_class(lr=lr, momentum=momentum),
            self.valley, self.valley.start, self.steps, seconds,
        )  # fmt: skip
        distance = np.linalg.norm(run.path, axis=1)
        said = [f"η = {lr:g}, μ = {momentum:g}."]
        beside: list[Mark] = []
        measured = factor_per_step(run.path, self.valley)
        if measured is not None:
            said.append(f"A step of {self.name} multiplies the distance by about {measured:.3g}.")
        try:
            with quiet(seconds):
                theory = self._theory(lr, momentum)
            said.append(f"The theory says {theory:.3g}: {'stable' if theory < 1 else 'unstable'}.")
            steps = np.arange(self.steps + 1)
            with np.errstate(all="ignore"):
                beside.append(Line(steps, distance[0] * theory**steps, THEORY))
        except NotImplementedError:
            raise
        except Exception as error:
            said.append(what_went_wrong("The theory", error) + ".")
        if run.trouble:
            said.append(run.trouble + ".")
        reached = None
        if self.bound is not None:
            reached = run.trouble is None and measured is not None and measured < self.bound
        walked = Line(np.arange(len(distance)), distance, self.look, halo=True)
        point = Dots([lr], [momentum], self.look.color, self.look.marker or "o", 6)
        return Scene([[point], [*beside, walked]], " ".join(said), reached)

    @property
    def _axes(self) -> tuple[Axis, Axis]:
        return self.panels[0].x, self.panels[0].y
