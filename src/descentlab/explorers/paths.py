"""Paths over contours: any rules, any settings, any start."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from descentlab import agreement
from descentlab.explorers.controls import Point, Settings, Slider, settings_at, settings_of, sliders_of_each
from descentlab.explorers.picture import (
    AIM,
    GREY,
    INK,
    LEGEND_ROW,
    Arrow,
    Axis,
    Curve,
    Dots,
    Height,
    Legend,
    Look,
    Mark,
    Panel,
    Words,
    level_lines,
    looks_of,
)
from descentlab.explorers.running import Run, follow
from descentlab.explorers.widget import Experiment, Scene, explorer
from descentlab.objectives import Objective, bowl
from descentlab.sentences import say

ARROW = 0.15
"""Length of the arrow against the gradient, in widths of the picture."""
HELP = "Drag the start, or use the arrow keys (with Shift in small steps)."
ROUNDING = 1e-13


class Paths(Experiment):
    """The path of your class over the contours, redrawn while you move its settings and its start.

    `rules` is a class with `update`, or several (a list, or a dict by label). Each number in a constructor's
    signature becomes a slider; `lr=0.1` sets where it begins. `goal` is how far above
    the minimum the last step may be. `box` gets the settings by name and returns half the side of a square
    around 0, which is drawn: the walls of weight decay. `step` is the first one shown, by default the last. At a
    step before the last one arrows show its parts: for a class with a velocity `v`, the old velocity and
    the gradient.

    Raises:
        TypeError: no constructor has such a setting.
        ValueError: the objective has not two coordinates.
    """

    def __init__(
        self,
        rules: type | Sequence[type] | Mapping[str, type],
        objective: Objective = bowl,
        *,
        steps: int = 40,
        goal: float | None = None,
        step: int | None = None,
        box: Callable[..., float] | None = None,
        **settings: Any,
    ) -> None:
        if len(objective.start) != 2:
            raise ValueError(
                say(
                    "{objective} has {count} coordinates: a picture needs two",
                    objective=objective.name,
                    count=len(objective.start),
                )
            )
        self.box, self.objective, self.steps, self.bound = box, objective, steps, goal
        self.rules = classes_by_label(rules)
        self.start = np.array(objective.start, float)
        self.looks = looks_of(self.rules)
        self.panels = panels_of(objective, steps, goal, self.looks if len(self.rules) > 1 else {})
        self.first = self.panels[0].place(self.start)
        *others, last = self.rules
        self.title = say("The path of {rule}", rule=last)
        if others:
            self.title = say("Paths of {rules} and {last}", rules=", ".join(others), last=last)
        if goal is not None:
            aim = "f less than {goal:g} above the minimum in {steps} steps"
            self.goals = (say(aim, goal=goal, steps=steps),)
        self.sliders = sliders_of_each(self.rules, settings)
        every = [slider for sliders in self.sliders.values() for slider in sliders]
        shown = steps if step is None else min(step, steps)
        counted = Slider("step", "step", tuple(range(steps + 1)), shown, "steps")
        self.controls = [*every, Point("start", self.first), counted]
        own = {slider.name: slider.name.rpartition(".")[2] for slider in every}
        usual = {} if box else usual_presets(self.rules, objective, self.start, steps)
        self.presets = {
            label: {name: values[short] for name, short in own.items() if short in values}
            for label, values in usual.items()
        }

    def draw(self, at: Settings, seconds: float) -> Scene:
        """The paths at these settings."""
        moved = at["start"] != self.first
        start = self.panels[0].value(at["start"]) if moved else self.start  # to the last digit
        runs = {label: self._run(label, at, start, seconds / len(self.rules)) for label in self.rules}
        step = int(at["step"])
        scene = Scene(self._marks(runs, step, at), self._in_words(runs, step), columns=("x", "y"))
        if self.bound is not None:
            ends = [self._above(run.path[-1]) if run.steps == self.steps else np.inf for run in runs.values()]
            scene.reached = (all(end < self.bound for end in ends),)
        if len(runs) == 1:
            scene.table = _table(*runs.values(), step)
        return scene

    def _run(self, label: str, at: Settings, start: np.ndarray, seconds: float) -> Run:
        settings = settings_at(self.sliders[label], at)
        make, alone = lambda: self.rules[label](**settings), len(self.rules) == 1
        return follow(label, make, self.objective, start, self.steps, seconds, remember=alone)

    def _above(self, theta: np.ndarray) -> np.ndarray:
        return above_minimum(self.objective, theta)

    def _marks(self, runs: dict[str, Run], step: int, at: Settings) -> tuple[list[Mark], list[Mark]]:
        over: list[Mark] = []
        losses: list[Mark] = []
        for label, run in runs.items():
            settings = settings_at(self.sliders[label], at)
            look, now = self.looks[label], min(step, run.steps)
            over += self._walls(settings, self.panels[0])
            steps = np.arange(run.steps + 1)
            for marks, x, y in ((over, *run.path.T), (losses, steps, self._above(run.path.T))):
                if now < run.steps:
                    marks.append(Curve(x[now:], y[now:], Look(look.color, width=1.5, opacity=0.6)))
                marks.append(Curve(x[: now + 1], y[: now + 1], look, halo=True))
                marks.append(Dots([x[now]], [y[now]], look.color, look.marker or "o", 5))
            if 0 < now < self.steps:
                over += _arrows(run, self.panels[0], now, settings.get("momentum"))
        first = next(iter(runs.values())).path[0]
        return [*over, Dots(first[:1], first[1:], GREY, "o", 7, open=True)], losses

    def _walls(self, settings: Mapping[str, float], panel: Panel) -> list[Mark]:
        """The part in the picture of the square that the settings confine the parameters to."""
        if self.box is None or not np.isfinite(half := float(self.box(**settings))):
            return []
        square = half * np.array([[-1, 1, 1, -1, -1], [-1, -1, 1, 1, -1]])
        walls: list[Mark] = [Curve(*square, Look(AIM, "9 3", width=1.6))]
        above = panel.y.value(float(panel.y.place(half)) + 0.04)  # beside the line, not on it
        if panel.y.holds(above):
            walls.append(Words(panel.x.value(0.02), above, say("the box"), AIM))
        return walls

    def _in_words(self, runs: dict[str, Run], step: int) -> list[str]:
        alone = "Step {now}: θ = ({place}), {distance:.3g} from the minimum; f is {above:.3g} above."
        of_several = "{rule}, step {now}: f is {above:.3g} above the minimum."
        said = []
        for label, run in runs.items():
            now = min(step, run.steps)
            theta = run.path[now]
            sentence = say(
                alone if len(runs) == 1 else of_several,
                rule=label, now=now, place=", ".join(f"{x:.3g}" for x in theta), above=self._above(theta),
                distance=np.linalg.norm(theta - self.objective.minimum),
            )  # fmt: skip
            said += [sentence, self._factor(run, self.objective) if len(runs) == 1 else "", run.trouble]
        return said

    def _factor(self, run: Run, objective: Objective) -> str:
        if factor_per_step(run.path, objective) is None or self.box is not None:  # a wall is not a minimum
            return ""
        distance = np.linalg.norm(run.path[[0, -1]] - objective.minimum, axis=1)
        return say(
            "In these {count} steps a step multiplied the distance by {factor:.3g} on average.",
            count=run.steps, factor=(distance[1] / distance[0]) ** (1 / run.steps),
        )  # fmt: skip


explore = explorer(Paths)


def classes_by_label(rules: Any) -> dict[str, type]:
    """Classes by label.

    Raises:
        TypeError: something is no class.
    """
    if isinstance(rules, Mapping):
        classes = {str(label): cls for label, cls in rules.items()}
    else:
        several = list(rules) if isinstance(rules, list | tuple) else [rules]
        classes = {getattr(cls, "__name__", str(cls)): cls for cls in several}
    for label, cls in classes.items():
        if not callable(cls):
            raise TypeError(
                say("{label} is no class: give the class itself, as in explore(SGD), not SGD()", label=label)
            )
    return classes


def usual_presets(
    rules: Mapping[str, type], objective: Objective, start: np.ndarray, steps: int
) -> dict[str, dict[str, float]]:
    """Settings at which the rule fails, by the objective's curvature or size."""
    names = {name for cls in rules.values() for name in settings_of(cls)}
    if "lr" not in names:
        return {}
    if "eps" in names or objective.hessian is None:
        far = float(np.abs(start - objective.minimum).max())
        return {"crawls": {"lr": far / (20 * steps)}, "overshoots": {"lr": far}}
    steepest = float(np.abs(np.linalg.eigvalsh(objective.hessian(start))).max())
    if "momentum" in names:
        rings = {"lr": 0.2 / steepest, "momentum": 0.97}
        return {
            "diverges": {"lr": 4.2 / steepest, "momentum": 0.9},
            "rings": rings,
            "crawls": {"lr": 0.02 / steepest, "momentum": 0.0},
        }
    return {
        "diverges": {"lr": 2.05 / steepest},
        "zigzags": {"lr": 1.95 / steepest},
        "crawls": {"lr": 0.02 / steepest},
    }


def factor_per_step(path: np.ndarray, objective: Objective) -> float | None:
    """The factor by which one step changes the distance to the minimum, averaged; None below 8 steps."""
    distance = np.linalg.norm(path - objective.minimum, axis=1)
    above_rounding = np.flatnonzero(distance > ROUNDING * distance[0])
    if len(above_rounding) < 9:
        return None
    distance = distance[: above_rounding[-1] + 1]
    falls = distance[-4:].max() < distance[0]
    envelope = np.maximum.accumulate(distance[::-1])[::-1] if falls else np.maximum.accumulate(distance)
    late = np.arange(len(distance) // 4, len(distance))
    return float(np.exp(np.polyfit(late, np.log(envelope[late]), 1)[0]))


def panels_of(
    objective: Objective, steps: int, goal: float | None, looks: Mapping[str, Look]
) -> tuple[Panel, Panel]:
    """The plane with its level lines, and the height above the minimum step by step."""
    left, right, bottom, top = objective.extent
    over = Panel(
        "path",
        objective.name,
        Axis("x", left, right),
        Axis("y", bottom, top),
        level_lines(objective),
        "start",
        say(HELP),
    )
    first = float(above_minimum(objective, objective.start)) or 1.0
    lowest = np.floor(np.log10(min(1e-10 * first, first if goal is None else goal / 100)))
    # Lines that fall begin below the legend.
    highest = np.ceil(lowest + (np.log10(first) - lowest) / (0.85 - LEGEND_ROW * len(looks)))
    axes = Axis("step", 0, steps), Axis("f − minimum", float(10**lowest), float(10**highest), log=True)
    return over, Panel("loss", "", *axes, (Height(goal, "goal"), Legend(looks)))


def above_minimum(objective: Objective, theta: np.ndarray) -> np.ndarray:
    """The height of each point above the minimum. `theta`: (2,) or (2, points)."""
    with np.errstate(all="ignore"):
        return np.asarray(objective.value(theta)) - float(objective.value(objective.minimum))


def _arrows(run: Run, panel: Panel, now: int, momentum: float | None) -> list[Mark]:
    """Arrows for step `now`: of velocity and gradient, or of the descent direction and the whole step."""
    before, after, gradient = run.path[now - 1], run.path[now], run.gradients[now - 1]
    if momentum is not None and (parts := _velocity_arrows(run, now, momentum)):
        return parts
    wide = np.array([panel.x.high - panel.x.low, panel.y.high - panel.y.low])
    way = -gradient / wide
    length = np.hypot(*way)
    arrows: list[Mark] = [Arrow(tuple(before), tuple(after), "#D55E00", "step")]
    if length > 0:
        arrows.insert(0, Arrow(tuple(before), tuple(before + ARROW * way / length * wide), GREY, "−g"))
    return arrows


def _velocity_arrows(run: Run, now: int, momentum: float) -> list[Mark]:
    """The old velocity and the gradient's share, end to end; nothing for a class without a `v`.

    A class that stores the look-ahead point has its ball behind it, which is marked: from there the velocity
    leads to the point where the gradient is taken, and from the new ball the new velocity to the new point.
    """
    if "v" not in run.states[now - 1]:
        return []
    new = run.states[now - 1]["v"]
    old = run.states[now - 2]["v"] if now > 1 else np.zeros_like(new)
    before, after = run.path[now - 1], run.path[now]
    rounded = agreement.ROUNDING * max(np.abs(before).max(), np.abs(after).max())
    tolerance = agreement.result_tolerance(new, agreement.SIX_DIGITS, rounded)
    if agreement.within(after - before, new, tolerance).all():
        ball, corner, end = before, before + momentum * old, after
    elif agreement.within(after - before, (1 + momentum) * new - momentum * old, tolerance).all():
        ball, corner, end = before - momentum * old, before, after - momentum * new
    else:
        return []
    balls = np.transpose([ball, end])
    stored = corner is before
    ahead = stored and now > 1
    names = {say("ball"): ball, say("a"): corner} if ahead else {say("ball"): ball}
    return [
        Dots(*np.transpose([before]), "#D55E00", "s", 3),
        Arrow(tuple(ball), tuple(corner), "#0072B2", "μv"),
        Arrow(tuple(corner), tuple(end), "#D55E00", "−ηg"),
        *([Arrow(tuple(end), tuple(after), "#0072B2", "μv′")] if stored else []),
        Dots(*balls, INK, "o", 4, open=True),
        *(Words(*place.tolist(), f"{name}\u2002", GREY, "end") for name, place in names.items()),
    ]


def _table(run: Run, step: int) -> list[tuple[str, list[float], float]]:
    now = min(step, run.steps)
    if now == 0:
        return []
    columns: dict[str, np.ndarray] = {"g": run.gradients, "step": np.diff(run.path, axis=0)}
    for name in run.states[now - 1]:
        columns[name] = np.array([np.atleast_1d(s[name]) for s in run.states if name in s], float)
    return [
        (name, values[now - 1].tolist(), float(np.nanmax(np.abs(values), initial=0.0)))
        for name, values in columns.items()
        if len(values) >= now
    ]
