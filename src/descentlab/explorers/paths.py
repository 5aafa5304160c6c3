"""Paths over contours: any rules, any settings, any start."""

from collections.abc import Callable, Container, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from descentlab.explorers.controls import Point, Settings, Stepper, sliders_of
from descentlab.explorers.picture import (
    GOAL_COLOR,
    GRAY,
    INK,
    PAPER,
    SQUARE,
    Arrow,
    Axis,
    Curve,
    Dots,
    Drawable,
    Height,
    Look,
    Panel,
    Words,
    level_lines,
    look_of,
    ring,
)
from descentlab.explorers.running import Descent, follow
from descentlab.explorers.widget import Experiment, Scene, explorer
from descentlab.objectives import Objective, bowl
from verdicts import agreement

ARROW = 0.15
"""Length of the arrow against the gradient, in widths of the picture."""
SHORT, INSET = 0.25, 0.42
"""Arrows within so much of the picture are enlarged in a square of this size, both in widths of the picture."""
HELP = "Drag the start, or use the arrow keys (with Shift in small steps)."


class Paths(Experiment):
    """The path of your class over the contours, redrawn while you move its settings and its start.

    Each number in the constructor's signature becomes a slider; `lr=0.1` sets where it begins. `goal` is how far
    above the minimum the last step may be. `box` gets the settings by name and returns half the side of a square
    around 0, which is drawn: the walls of weight decay. `step` is the first one shown, by default the last. At a
    step before the last one arrows show its parts: for a class with a velocity `v`, the old velocity and
    the gradient.

    Raises:
        TypeError: it is not a class, or its constructor has no such setting.
        ValueError: the objective has not two coordinates.
    """

    def __init__(
        self,
        rule_class: type,
        objective: Objective = bowl,
        *,
        steps: int = 40,
        goal: float | None = None,
        step: int | None = None,
        box: Callable[..., float] | None = None,
        **settings: Any,
    ) -> None:
        if len(objective.start) != 2:
            raise ValueError(f"{objective.name} has {len(objective.start)} coordinates: a picture needs two")
        self.name = getattr(rule_class, "__name__", str(rule_class))
        if not callable(rule_class):
            raise TypeError(
                f"{self.name} is not a class: give the class itself, as in explore(SGD), not SGD()"
            )
        self.rule_class, self.steps, self.box, self.objective = rule_class, steps, box, objective
        self.look = look_of(self.name)
        sliders = sliders_of(rule_class, settings)
        self.names = [slider.name for slider in sliders]
        self.start = np.array(objective.start, float)
        self.panels = panels_of(objective, steps, goal)
        self.title = f"The path of {self.name}"
        if goal is not None:
            self.bound, self.aim = goal, f"f less than {goal:g} above the minimum in {steps} steps"
        shown = steps if step is None else min(step, steps)
        counted = Stepper("step", "step", shown, tuple(range(steps + 1)))
        self.controls = [*sliders, Point("start", "", self.panels[0].handle(self.start)), counted]
        self.presets = {} if box else usual_presets(self.names, objective, self.start, steps)

    def draw(self, at: Settings, seconds: float) -> Scene:
        """The path at these settings."""
        start = self.panels[0].dragged(self.start, at["start"])
        settings = {name: at[name] for name in self.names}
        moved, make = replace(self.objective, start=start), partial(self.rule_class, **settings)
        descent = follow(self.name, make, moved, self.steps, seconds, remember=True)
        above = above_minimum(self.objective, descent.path.T)
        now = min(at["step"], descent.steps)
        drawables, said = (
            self._drawables(descent, above, now, settings),
            self._in_words(descent, above[now], now),
        )
        reached = descent.steps == self.steps and above[-1] < self.bound
        return Scene(drawables, said, reached, columns=("x", "y"), table=_table(descent, now))

    def _drawables(
        self, descent: Descent, above: np.ndarray, now: int, settings: Mapping[str, float]
    ) -> tuple[list[Drawable], list[Drawable]]:
        over = self._walls(settings)
        losses, look = [], self.look
        for drawables, x, y in ((over, *descent.path.T), (losses, np.arange(descent.steps + 1), above)):
            if now < descent.steps:
                drawables.append(Curve(x[now:], y[now:], Look(look.color, width=1.5, opacity=0.6)))
            drawables.append(Curve(x[: now + 1], y[: now + 1], look, halo=True))
            drawables.append(Dots([x[now]], [y[now]], look.color, look.marker or "o", 5))
        if 0 < now < self.steps:
            over += _readable(_arrows(descent, self.panels[0], now, settings.get("momentum")), self.panels[0])
        return [*over, ring(descent.path[0])], losses

    def _walls(self, settings: Mapping[str, float]) -> list[Drawable]:
        """The part in the picture of the square that the settings confine the parameters to."""
        if self.box is None or not np.isfinite(half := float(self.box(**settings))):
            return []
        panel = self.panels[0]
        walls = [Curve(*(half * SQUARE), Look(GOAL_COLOR, "9 3", width=1.6))]
        above = panel.y.value(panel.y.place(half) + 0.04)  # next to the line, not on it
        if panel.y.holds(above):
            walls.append(Words(panel.x.value(0.02), above, "the box", GOAL_COLOR))
        return walls

    def _in_words(self, descent: Descent, above: float, now: int) -> list[str]:
        theta = descent.path[now]
        place = ", ".join(f"{x:.3g}" for x in theta)
        away = np.linalg.norm(theta - self.objective.minimum)
        sentence = f"Step {now}: θ = ({place}), {away:.3g} from the minimum; f is {above:.3g} above."
        return [sentence, descent.trouble]


explore = explorer(Paths)


def usual_presets(
    names: Container[str], objective: Objective, start: np.ndarray, steps: int
) -> dict[str, dict[str, float]]:
    """Values of the settings with these names at which the rule fails, by the objective's curvature or size."""
    if "lr" not in names:
        return {}
    if "eps" in names:
        far = np.abs(start - objective.minimum).max()
        return {"crawls": {"lr": far / (20 * steps)}, "overshoots": {"lr": far}}
    h = 1e-6
    slopes = [objective.gradient(start + h * axis) - objective.gradient(start) for axis in np.eye(2)]
    steepest = np.abs(np.linalg.eigvalsh(slopes)).max() / h
    if "momentum" in names:
        return {
            "diverges": {"lr": 4.2 / steepest, "momentum": 0.9},
            "rings": {"lr": 0.2 / steepest, "momentum": 0.97},
            "crawls": {"lr": 0.02 / steepest, "momentum": 0.0},
        }
    return {
        "diverges": {"lr": 2.05 / steepest},
        "zigzags": {"lr": 1.95 / steepest},
        "crawls": {"lr": 0.02 / steepest},
    }


def panels_of(objective: Objective, steps: int, goal: float | None) -> tuple[Panel, Panel]:
    """The plane with its level lines, and the height above the minimum step by step."""
    left, right, bottom, top = objective.extent
    plane = Axis("x", left, right), Axis("y", bottom, top)
    over = Panel("path", objective.name, *plane, level_lines(objective), "start", HELP)
    first = above_minimum(objective, objective.start) or 1.0
    lowest = np.floor(np.log10(min(1e-10 * first, np.inf if goal is None else goal / 100)))
    highest = np.ceil(lowest + (np.log10(first) - lowest) / 0.85)
    axes = Axis("step", 0, steps), Axis("f − minimum", 10**lowest, 10**highest, log=True)
    return over, Panel("loss", "", *axes, (Height(goal, "goal"),))


def above_minimum(objective: Objective, theta: np.ndarray) -> np.ndarray:
    """The height of each point above the minimum. `theta`: (2,) or (2, points)."""
    with np.errstate(all="ignore"):
        return objective.value(theta) - objective.value(objective.minimum)


def _arrows(descent: Descent, panel: Panel, now: int, momentum: float | None) -> list[Drawable]:
    """Arrows for step `now`: of velocity and gradient, or of the descent direction and the whole step."""
    before, after, gradient = descent.path[now - 1], descent.path[now], descent.gradients[now - 1]
    if momentum is not None and (parts := _velocity_arrows(descent, now, momentum)):
        return parts
    wide = panel.value((1, 1)) - panel.value((0, 0))
    way = -gradient / wide
    length = np.hypot(*way)
    step = _arrow(before, after, "#D55E00", "step")
    if not length > 0:
        return [step]
    return [_arrow(before, before + ARROW * way / length * wide, GRAY, "−g"), step]


def _arrow(start: np.ndarray, end: np.ndarray, *look: Any) -> Arrow:
    return Arrow(*np.transpose([start, end]), *look)


def _readable(drawables: list[Drawable], panel: Panel) -> list[Drawable]:
    """The arrows; short ones without their names, and enlarged with them in the corner that is farthest away."""
    ends = np.hstack([(drawable.x, drawable.y) for drawable in drawables if isinstance(drawable, Arrow)])
    places = panel.place(*ends).T
    middle, extent = places.min(0) / 2 + places.max(0) / 2, np.ptp(places, axis=0).max()
    if not 0 < extent < SHORT:
        return drawables
    corner = np.where(middle < 0.5, 1 - INSET / 2, INSET / 2)
    largest = INSET / (1.7 * extent)  # the names need room, too

    def enlarged(drawable: Any) -> Drawable:
        x, y = panel.value((corner + largest * (panel.place(drawable.x, drawable.y).T - middle)).T)
        return replace(drawable, x=x, y=y)

    square = panel.value(corner[:, None] + INSET / 2 * SQUARE)
    unnamed = (drawable for drawable in drawables if not isinstance(drawable, Words))
    return [
        *(replace(drawable, label="") if isinstance(drawable, Arrow) else drawable for drawable in unnamed),
        Curve(*square, Look(GRAY, width=0.7), fill=PAPER),
        *map(enlarged, drawables),
    ]


def _velocity_arrows(descent: Descent, now: int, momentum: float) -> list[Drawable]:
    """The old velocity and the gradient's share, end to end; nothing for a class without a `v`.

    A class that stores the look-ahead point has its ball behind it, which is marked: from there the velocity
    leads to the point where the gradient is taken, and from the new ball the new velocity to the new point.
    """
    new = descent.states[now - 1].get("v")
    if new is None:
        return []
    old = descent.states[now - 2]["v"] if now > 1 else np.zeros_like(new)
    before, after = ends = descent.path[now - 1 : now + 1]
    rounded = agreement.ROUNDING * np.abs(ends).max()
    tolerance = agreement.result_tolerance(new, agreement.SIX_DIGITS, rounded)
    if agreement.within(after - before, new, tolerance).all():
        ball, corner, end = before, before + momentum * old, after
    elif agreement.within(after - before, (1 + momentum) * new - momentum * old, tolerance).all():
        ball, corner, end = before - momentum * old, before, after - momentum * new
    else:
        return []
    stored = corner is before
    names = {"ball": ball} | ({"a": corner} if stored and now > 1 else {})
    return [
        Dots(before[:1], before[1:], "#D55E00", "s", 3),
        _arrow(ball, corner, "#0072B2", "μv"),
        _arrow(corner, end, "#D55E00", "−ηg", 1),
        *([_arrow(end, after, "#0072B2", "μv′")] if stored else []),
        Dots(*np.transpose([ball, end]), INK, "o", 4, open=True),
        *(Words(*place.tolist(), f"{name}\u2002", GRAY, "end") for name, place in names.items()),
    ]


def _table(descent: Descent, now: int) -> list[tuple[str, list[float], float]]:
    if now == 0:
        return []
    columns = {"g": descent.gradients, "step": np.diff(descent.path, axis=0)}
    for name in descent.states[now - 1]:
        columns[name] = np.array([s[name] for s in descent.states if name in s], float)
    return [
        (name, values[now - 1].tolist(), float(np.nanmax(np.abs(values), initial=0.0)))
        for name, values in columns.items()
        if len(values) >= now
    ]
