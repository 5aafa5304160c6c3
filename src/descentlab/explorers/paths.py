"""Paths over contours: any rules, any settings, any start."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from descentlab import agreement
from descentlab.explorers.controls import Choice, Point, Slider, settings_at, settings_of, sliders_of_each
from descentlab.explorers.picture import (
    AIM,
    GREY,
    INK,
    LEGEND_ROW,
    Arrow,
    Axis,
    Curve,
    Dots,
    Look,
    Mark,
    Panel,
    Words,
    height_line,
    legend,
    level_lines,
    looks_of,
)
from descentlab.explorers.running import Run, follow, foretold
from descentlab.explorers.step_window import step_window
from descentlab.explorers.widget import Goal, Preset, Scene, show
from descentlab.objectives import bowl, rosenbrock, saddle
from descentlab.objectives.objective import Objective
from descentlab.sentences import say, template

ARROW = 0.15
"""Length of the arrow against the gradient, in widths of the picture."""
HELP = template("Drag the start, or use the arrow keys (with Shift in small steps).")
ROUNDING = 1e-13


def explore(
    rules: type | Sequence[type] | Mapping[str, type],
    objective: Objective | Sequence[Objective] | None = None,
    *,
    steps: int = 40,
    goal: float | None = None,
    theory: Callable[..., float] | None = None,
    start: Sequence[float] | None = None,
    step: int | None = None,
    presets: Mapping[str, Mapping[str, float]] | None = None,
    box: Callable[..., float] | None = None,
    **settings: Any,
) -> None:
    """The path of your class over the contours, redrawn while you move its settings and its start.

    `rules` is a class with `update`, or several (a list, or a dict by label). Each number in a constructor's
    signature becomes a slider; `lr=0.1` sets where it begins, `lr=(0.01, 2)` its range. `objective` is one or
    several to choose from. `goal` is how far above the minimum the last step may be. `theory` gets the
    settings by name and returns the factor per step that you expect. `presets` are buttons, {label: {setting:
    value}}. `box` gets the settings by name, too, and returns half the side of a square around 0, which is
    drawn: the walls of weight decay. `step` is the one shown at first, the last unless told otherwise. At a
    step before the last one arrows show what it is made of: of a class with a velocity `v`, the old velocity
    and the gradient. Where they are small, a window shows them from nearer.

    Raises:
        TypeError: no constructor has such a setting.
    """
    show(Paths(rules, objective, steps, goal, theory, start, presets, settings, step, box))


class Paths:
    """The experiment behind `explore`."""

    def __init__(
        self,
        rules: Any,
        objective: Any,
        steps: int,
        goal: float | None,
        theory: Callable[..., float] | None,
        start: Sequence[float] | None,
        presets: Mapping[str, Mapping[str, float]] | None,
        settings: Mapping[str, Any],
        step: int | None = None,
        box: Callable[..., float] | None = None,
    ) -> None:
        self.box = box
        self.step = steps if step is None else min(step, steps)
        self.rules = named(rules)
        self.objectives = in_the_plane([bowl, saddle, rosenbrock] if objective is None else objective)
        self.steps, self.theory, self.bound = steps, theory, goal
        self.starts = [np.array(o.start if start is None else start, float) for o in self.objectives]
        self.looks = dict(zip(self.rules, looks_of(list(self.rules)), strict=True))
        self.chosen = 0
        named_looks = self.looks if len(self.rules) > 1 else {}
        self.faces = [panels_of(o, steps, goal, named_looks) for o in self.objectives]
        self.panels = self.faces[0]
        *others, last = self.rules
        self.title = say("The path of {rule}", rule=last)
        if others:
            self.title = say("Paths of {rules} and {last}", rules=", ".join(others), last=last)
        self.goal = None
        if goal is not None:
            aim = say("f less than {goal} above the minimum in {steps} steps", goal=f"{goal:g}", steps=steps)
            self.goal = Goal((aim,))
        self.sliders = sliders_of_each(self.rules, settings)
        self.controls = self._controls()
        self.presets = self._presets(presets)

    def _controls(self) -> list[Any]:
        controls: list[Any] = []
        if len(self.objectives) > 1:
            controls.append(Choice("objective", "valley", tuple(o.name for o in self.objectives)))
        for sliders in self.sliders.values():
            controls += sliders
        counted = Slider("step", "step", tuple(range(self.steps + 1)), self.step, steps=True)
        return [*controls, Point("start", self._place(0)), counted]

    def _place(self, number: int) -> tuple[float, float]:
        face, (x, y) = self.faces[number][0], self.starts[number]
        return float(np.clip(face.x.place(x), 0, 1)), float(np.clip(face.y.place(y), 0, 1))

    def _presets(self, presets: Mapping[str, Mapping[str, float]] | None) -> list[Preset]:
        first = {control.name: control.initial for control in self.controls}
        values = {s.name: s.values[s.initial] for sliders in self.sliders.values() for s in sliders}
        buttons = [Preset("as at first", {**first, **values, "step": self.step})]
        for label, settings in (usual_presets(self) if presets is None else presets).items():
            by_name = {
                s.name: settings[s.name.rpartition(".")[2]]
                for sliders in self.sliders.values()
                for s in sliders
                if s.name.rpartition(".")[2] in settings
            }
            buttons.append(Preset(label, by_name))
        if saddle in self.objectives[1:]:
            buttons.append(Preset("a saddle", {"objective": self.objectives.index(saddle)}))
        return buttons

    def draw(self, at: dict[str, Any], seconds: float) -> Scene:
        """The paths at these settings."""
        number, put = at.get("objective", 0), {}
        panels, objective = self.faces[number], self.objectives[number]
        if number != self.chosen:
            self.chosen, place = number, self._place(number)
            put = {"start": list(place)}
            at = at | {"start": place}
        start = np.array([panels[0].x.value(at["start"][0]), panels[0].y.value(at["start"][1])])
        if at["start"] == self._place(number):
            start = self.starts[number]  # to the last digit
        share = seconds / len(self.rules)
        runs = {label: self._run(label, at, objective, start, share) for label in self.rules}
        step = int(at["step"])
        over, losses = self._marks(runs, panels, objective, step, at)
        scene = Scene([over, losses], self._status(runs, objective, step, at), panels=panels, put=put)
        if self.bound is not None:
            ends = [
                above_minimum(objective, run.path[-1]) for run in runs.values() if run.steps == self.steps
            ]
            scene.reached = (len(ends) == len(runs) and all(float(end) < self.bound for end in ends),)
        scene.table = _table(*runs.values(), step) if len(runs) == 1 else []
        scene.columns = ("x", "y")
        return scene

    def _run(
        self, label: str, at: dict[str, Any], objective: Objective, start: np.ndarray, seconds: float
    ) -> Run:
        settings = self._settings(label, at)
        make, alone = lambda: self.rules[label](**settings), len(self.rules) == 1
        return follow(label, make, objective, start, self.steps, seconds, remember=alone)

    def _settings(self, label: str, at: dict[str, Any]) -> dict[str, float]:
        return settings_at(self.sliders[label], at)

    def _marks(
        self,
        runs: dict[str, Run],
        panels: Sequence[Panel],
        objective: Objective,
        step: int,
        at: dict[str, Any],
    ) -> tuple[list[Mark], list[Mark]]:
        over, losses = [], []
        for label, run in runs.items():
            look, now = self.looks[label], min(step, run.steps)
            faint = Look(look.color, (), "", 1.5, 0.6)
            x, y = run.path.T
            over += self._walls(self._settings(label, at), panels[0])
            above = above_minimum(objective, run.path.T)
            if now < run.steps:
                over.append(Curve(x[now:], y[now:], faint))
                losses.append(Curve(np.arange(now, run.steps + 1), above[now:], faint))
            over.append(Curve(x[: now + 1], y[: now + 1], look, halo=True))
            here = Dots([x[now]], [y[now]], look.color, look.marker or "o", 5)
            over.append(here)
            losses.append(Curve(np.arange(now + 1), above[: now + 1], look, halo=True))
            losses.append(Dots([now], [above[now]], look.color, look.marker or "o", 5))
            if 0 < now < self.steps and now <= run.steps:
                made = _arrows(run, panels[0], now, self._settings(label, at).get("momentum"))
                near = step_window(panels[0], [here, *made], run.path[: now + 1]) if len(runs) == 1 else None
                over += [near] if near else made
        first = next(iter(runs.values())).path[0]
        return [*over, Dots([first[0]], [first[1]], GREY, "o", 7, open=True)], losses

    def _walls(self, settings: Mapping[str, float], panel: Panel) -> list[Mark]:
        """The square that the settings shut the parameters into, as far as it is in the picture."""
        if self.box is None or not np.isfinite(half := float(self.box(**settings))):
            return []
        square = half * np.array([[-1, 1, 1, -1, -1], [-1, -1, 1, 1, -1]])
        walls: list[Mark] = [Curve(*square, Look(AIM, (9, 3), width=1.6))]
        above = panel.y.value(float(panel.y.place(half)) + 0.04)  # beside the line, not on it
        if panel.y.holds(above):
            walls.append(Words(panel.x.value(0.02), above, say("the box"), AIM))
        return walls

    def _status(self, runs: dict[str, Run], objective: Objective, step: int, at: dict[str, Any]) -> str:
        said = []
        for label, run in runs.items():
            now = min(step, run.steps)
            theta = run.path[now]
            above = float(above_minimum(objective, theta))
            distance = float(np.linalg.norm(theta - objective.minimum))
            if len(runs) == 1:
                sentence = say(
                    "Step {now}: θ = ({place}), {distance} from the minimum; f is {above} above.",
                    now=now, place=", ".join(f"{x:.3g}" for x in theta),
                    distance=f"{distance:.3g}", above=f"{above:.3g}",
                )  # fmt: skip
                said += [sentence, self._factor(label, run, objective, at)]
            else:
                said.append(
                    say(
                        "{rule}, step {now}: f is {above} above the minimum.",
                        rule=label,
                        now=now,
                        above=f"{above:.3g}",
                    )
                )
            if run.trouble:
                said.append(run.trouble)
        return " ".join(filter(None, said))

    def _factor(self, label: str, run: Run, objective: Objective, at: dict[str, Any]) -> str:
        measured = factor_per_step(run.path, objective)
        if self.theory is None:
            # Who comes to rest at a wall has no factor.
            if measured is None or self.box is not None:
                return ""
            distance = np.linalg.norm(run.path[[0, -1]] - objective.minimum, axis=1)
            return say(
                "In these {count} steps a step multiplied the distance by {factor} on average.",
                count=run.steps, factor=f"{(distance[1] / distance[0]) ** (1 / run.steps):.3g}",
            )  # fmt: skip
        expected, trouble = foretold(lambda: self.theory(**self._settings(label, at)))
        if expected is None:
            return trouble
        theory = f"{expected:.3g}"
        if measured is None:
            return say("A step multiplies the distance by {theory}, says the theory.", theory=theory)
        return say(
            "A step multiplies the distance by about {factor}; by {theory} says the theory.",
            factor=f"{measured:.3g}", theory=theory,
        )  # fmt: skip


def named(rules: Any) -> dict[str, type]:
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
            sentence = template("{label} is no class: give the class itself, as in explore(SGD), not SGD()")
            raise TypeError(say(sentence, label=label))
    return classes


def usual_presets(experiment: Paths) -> dict[str, dict[str, float]]:
    """Settings at which the rule fails, from the first objective's curvature or size."""
    objective, start = experiment.objectives[0], experiment.starts[0]
    names = {name for cls in experiment.rules.values() for name in settings_of(cls)}
    if "lr" not in names:
        return {}
    if "eps" in names or objective.hessian is None:
        far = float(np.abs(start - objective.minimum).max())
        return {"crawls": {"lr": far / (20 * experiment.steps)}, "overshoots": {"lr": far}}
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
    """By what one step multiplies the distance to the minimum, swings apart; None for fewer than 8 steps."""
    distance = np.linalg.norm(path - objective.minimum, axis=1)
    above_rounding = np.flatnonzero(distance > ROUNDING * distance[0])
    if len(above_rounding) < 9:
        return None
    distance = distance[: above_rounding[-1] + 1]
    falls = distance[-4:].max() < distance[0]
    envelope = np.maximum.accumulate(distance[::-1])[::-1] if falls else np.maximum.accumulate(distance)
    late = np.arange(len(distance) // 4, len(distance))
    return float(np.exp(np.polyfit(late, np.log(envelope[late]), 1)[0]))


def in_the_plane(objectives: Objective | Sequence[Objective]) -> list[Objective]:
    """The objectives as a list.

    Raises:
        ValueError: one of them has not two coordinates.
    """
    several = [objectives] if isinstance(objectives, Objective) else list(objectives)
    for objective in several:
        if len(objective.start) != 2:
            sentence = template("{objective} has {count} coordinates: a picture needs two")
            raise ValueError(say(sentence, objective=objective.name, count=len(objective.start)))
    return several


@lru_cache(maxsize=32)
def _still(name: str, objective: _ByIdentity) -> tuple[Mark, ...]:
    return level_lines(objective.held)


class _ByIdentity:
    """An objective holds arrays, which have no hash: it is kept by which one it is."""

    def __init__(self, held: Objective) -> None:
        self.held = held

    def __hash__(self) -> int:
        return id(self.held)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _ByIdentity) and other.held is self.held


def panels_of(
    objective: Objective, steps: int, goal: float | None, looks: Mapping[str, Look]
) -> tuple[Panel, Panel]:
    """The plane with its level lines, and the height above the minimum step by step."""
    left, right, bottom, top = objective.extent
    still = _still(objective.name, _ByIdentity(objective))
    over = Panel(
        "path", objective.name, Axis("x", left, right), Axis("y", bottom, top), still, "start", say(HELP)
    )
    first = float(above_minimum(objective, objective.start)) or 1.0
    lowest = np.floor(np.log10(min(1e-10 * first, first if goal is None else goal / 100)))
    # Lines that fall begin below the legend.
    highest = np.ceil(lowest + (np.log10(first) - lowest) / (0.85 - LEGEND_ROW * len(looks)))
    axes = Axis("step", 0, steps), Axis("f − minimum", float(10**lowest), float(10**highest), log=True)
    aim = () if goal is None else height_line(goal, "goal", *axes)
    return over, Panel("loss", "", *axes, (*aim, *legend(looks, *axes)))


def above_minimum(objective: Objective, theta: np.ndarray) -> np.ndarray:
    """How much higher than the minimum each point is. `theta`: (2,) or (2, points)."""
    with np.errstate(all="ignore"):
        return np.asarray(objective.value(theta)) - float(objective.value(objective.minimum))


def _arrows(run: Run, panel: Panel, now: int, momentum: float | None) -> list[Mark]:
    """What step `now` is made of: by velocity and gradient, or the way down and the whole step."""
    before, after, gradient = run.path[now - 1], run.path[now], run.gradients[now - 1]
    if momentum is not None and (parts := _of_velocity(run, now, momentum)):
        return parts
    wide = np.array([panel.x.high - panel.x.low, panel.y.high - panel.y.low])
    way = -gradient / wide
    length = np.hypot(*way)
    arrows: list[Mark] = [Arrow(tuple(before), tuple(after), "#D55E00", "step")]
    if length > 0:
        arrows.insert(0, Arrow(tuple(before), tuple(before + ARROW * way / length * wide), GREY, "−g"))
    return arrows


def _of_velocity(run: Run, now: int, momentum: float) -> list[Mark]:
    """The old velocity and the gradient's share, one after the other; nothing for a class without a `v`.

    A class that stores the look-ahead point has its ball behind it, which is marked: from there the velocity
    leads to the point where the gradient is taken, and from the new ball the new velocity to the new point.
    """
    if "v" not in run.states[now - 1]:
        return []
    new = run.states[now - 1]["v"]
    old = run.states[now - 2]["v"] if now > 1 else np.zeros_like(new)
    before, after = run.path[now - 1], run.path[now]
    rounded = agreement.ROUNDING * max(np.abs(before).max(), np.abs(after).max())
    tolerance = agreement.relative(new, agreement.SIX_DIGITS, rounded)
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
