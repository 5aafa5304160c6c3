"""A bowl that is turned: which rules notice?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from descentlab.explorers.controls import linear, slider, sliders_of
from descentlab.explorers.paths import named, refuse_unknown
from descentlab.explorers.picture import GREY, Axis, Dots, Line, Look, Mark, Panel, legend, looks_of
from descentlab.explorers.running import follow
from descentlab.explorers.widget import Goal, Preset, Scene, show
from descentlab.objectives import quadratic

CURVATURES, START = np.array([0.1, 2.0]), np.array([-7.0, 2.0])
HEIGHTS = (0.05, 0.3, 1.0, 2.5, 5.0, 9.0, 15.0)
REACH = 8.0
LOWEST, HIGHEST = 1e-12, 1e4


def explore_rotation(
    rules: type | Sequence[type] | Mapping[str, type],
    *,
    steps: int = 100,
    angle: float = 0.0,
    goal: float | None = None,
    **settings: Any,
) -> None:
    """Your classes on the bowl x²/20 + y², turned by an angle with its start.

    The grey line is the same class at 0°. `goal` is how many times larger the turn must make the last f, for
    any of the rules. Raises TypeError for a setting that no constructor has.
    """
    show(Rotation(rules, steps, angle, goal, settings))


class Rotation:
    """The experiment behind `explore_rotation`."""

    def __init__(
        self, rules: Any, steps: int, angle: float, goal: float | None, settings: dict[str, Any]
    ) -> None:
        self.rules = named(rules)
        refuse_unknown(self.rules, settings)
        self.steps, self.bound = steps, goal
        self.looks = dict(zip(self.rules, looks_of(list(self.rules)), strict=True))
        count, heights = Axis("step", 0, steps), Axis("f", LOWEST, HIGHEST, log=True)
        both = self.looks | {"the same at 0°": Look(GREY, (1, 2))}
        self.panels = (
            Panel("path", "", Axis("x", -REACH, REACH), Axis("y", -REACH, REACH)),
            Panel("loss", "", count, heights, tuple(legend(both, count, heights, 0.5))),
        )
        self.title = f"{' and '.join(self.rules)} in a turned bowl"
        self.goal = None
        if goal is not None:
            self.goal = Goal(f"an angle that makes the last f at least {goal:g} times as large")
        several = len(self.rules) > 1
        self.sliders = {
            label: sliders_of(cls, settings, *((f"{label}.", f"{label}: ") if several else ()))
            for label, cls in self.rules.items()
        }
        turn = slider("angle", linear(0, 90, 90), angle, "angle in degrees")
        self.controls = [turn, *(s for sliders in self.sliders.values() for s in sliders)]
        first = {s.name: s.values[s.initial] for s in self.controls}
        turns = [Preset(f"{degrees}°", {"angle": float(degrees)}) for degrees in (0, 45, 90)]
        self.presets = [Preset("as at first", first), *turns]
        self.flat: dict[str, tuple[dict[str, float], np.ndarray]] = {}

    def draw(self, at: dict[str, Any], seconds: float) -> Scene:
        """Paths and losses at this angle, with those at 0°."""
        over: list[Mark] = _ellipses(np.radians(at["angle"]))
        losses: list[Mark] = []
        said, changes = [], []
        for label, look in self.looks.items():
            settings = {s.name.rpartition(".")[2]: at[s.name] for s in self.sliders[label]}
            path, f, trouble = self._run(label, settings, at["angle"], seconds)
            flat = self._at_zero(label, settings, seconds)
            steps = np.arange(len(f))
            losses += [Line(np.arange(len(flat)), flat, Look(GREY, (1, 2))), Line(steps, f, look, halo=True)]
            over += [Line(*path.T, look, halo=True), Dots(*path[-1:].T, look.color, look.marker or "o", 5)]
            if trouble:
                said.append(trouble + ".")
            if len(f) == len(flat) == self.steps + 1 and flat[-1] > 0:
                changes.append(f[-1] / flat[-1])
                change = _times(changes[-1])
                said.append(f"{label}: f is {f[-1]:.3g} after {self.steps} steps, {change} that at 0°.")
        first = _turn(np.radians(at["angle"])) @ START
        over.append(Dots(first[:1], first[1:], GREY, "o", 7, open=True))
        reached = None if self.bound is None else any(change >= self.bound for change in changes)
        return Scene([over, losses], " ".join(said), reached)

    def _at_zero(self, label: str, settings: dict[str, float], seconds: float) -> np.ndarray:
        """f along the path in the bowl that is not turned, kept while the settings stay."""
        if self.flat.get(label, (None,))[0] != settings:
            self.flat[label] = settings, self._run(label, settings, 0.0, seconds)[1]
        return self.flat[label][1]

    def _run(
        self, label: str, settings: dict[str, float], angle: float, seconds: float
    ) -> tuple[np.ndarray, np.ndarray, str | None]:
        valley = quadratic(CURVATURES, np.radians(angle), start=START)
        share = seconds / (2 * len(self.rules))
        run = follow(label, lambda: self.rules[label](**settings), valley, valley.start, self.steps, share)
        with np.errstate(all="ignore"):
            return run.path, np.asarray(valley.value(run.path.T)), run.trouble


def _turn(angle: float) -> np.ndarray:
    return np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])


def _ellipses(angle: float) -> list[Mark]:
    around = np.linspace(0, 2 * np.pi, 49)
    circle = np.array([np.cos(around), np.sin(around)])
    look = Look(GREY, width=0.7, opacity=0.7)
    axes = [np.sqrt(2 * height / CURVATURES) for height in HEIGHTS]
    return [Line(*(_turn(angle) @ (axis[:, None] * circle)), look) for axis in axes]


def _times(change: float) -> str:
    return "the same as" if abs(change - 1) < 1e-6 else f"{change:.3g} times"
