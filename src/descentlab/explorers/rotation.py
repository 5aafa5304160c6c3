"""A turned bowl: which rules notice?"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from descentlab.agreement import SIX_DIGITS, within
from descentlab.explorers.controls import Settings, linear, settings_at, settings_of, slider, sliders_of_each
from descentlab.explorers.paths import classes_by_label
from descentlab.explorers.picture import (
    CIRCLE,
    GREY,
    HEIGHT,
    Axis,
    Curve,
    Dots,
    Legend,
    Look,
    Mark,
    Panel,
    looks_of,
)
from descentlab.explorers.running import Run, follow
from descentlab.explorers.widget import Experiment, Scene, explorer
from descentlab.objectives import quadratic
from descentlab.sentences import say

CURVATURES, START = np.array([0.1, 2.0]), np.array([-7.0, 2.0])
HEIGHTS = (0.05, 0.3, 1.0, 2.5, 5.0, 9.0, 15.0)
REACH, REACH_SCALED = 8.0, 1.3
SUMS = ("h", "v", "s", "G", "cache")
"""Usual names for the sum, or mean, of squared gradients."""
SCALED_Y = Axis("y · ⁴√h", -REACH_SCALED, REACH_SCALED)
ROUND = Curve(*CIRCLE, Look(GREY, "2 3", width=1.2))
SAME = Look(GREY, "1 2")
LOWEST, HIGHEST = 1e-12, 1e4
"""Ends of the axis of f. Smaller values are rounding errors and count as the low end in ratios."""


class Rotation(Experiment):
    """Your classes on the bowl x²/20 + y², turned by an angle with its start.

    The grey line is the same class at 0°. Of the first class with an argument `eps` a third picture shows the
    bowl in coordinates scaled by its own sum of squares: rounder where the scales fit. `goal` is how many
    times larger the turn alone must make the last f, for any of the rules.

    Raises:
        TypeError: a setting that no constructor has.
    """

    def __init__(
        self,
        rules: type | Sequence[type] | Mapping[str, type],
        *,
        steps: int = 100,
        angle: float = 0.0,
        goal: float | None = None,
        **settings: Any,
    ) -> None:
        self.rules = classes_by_label(rules)
        self.steps, self.bound = steps, goal
        self.looks = looks_of(self.rules)
        count, heights = Axis("step", 0, steps), Axis("f", LOWEST, HIGHEST, log=True)
        both = self.looks | {"the same at 0°": SAME}
        self.scaled = next((label for label, cls in self.rules.items() if "eps" in settings_of(cls)), None)
        self.panels = (
            Panel("path", "", Axis("x", -REACH, REACH), Axis("y", -REACH, REACH), width=HEIGHT),
            *self._scaled_panel(),
            Panel("loss", "", count, heights, (Legend(both, 0.3),), width=HEIGHT),
        )
        self.title = say("{rules} in a turned bowl", rules=" + ".join(self.rules))
        if goal is not None:
            aim = "an angle that makes the last f at least {factor:g} times as large"
            self.goals = (say(aim, factor=goal),)
        self.sliders = sliders_of_each(self.rules, settings)
        turn = slider("angle", linear(0, 90, 90), angle, "angle in degrees")
        self.controls = [turn, *(s for sliders in self.sliders.values() for s in sliders)]
        self.presets = {f"{degrees}°": {"angle": degrees} for degrees in (0, 45, 90)}

    def _scaled_panel(self) -> tuple[Panel, ...]:
        """The bowl in coordinates divided by the rule's own scales, if it has any."""
        if self.scaled is None:
            return ()
        title = say("as {rule} scales it", rule=self.scaled)
        across = Axis("x · ⁴√h", -REACH_SCALED, REACH_SCALED)
        return (Panel("scaled", title, across, SCALED_Y, (ROUND,), width=HEIGHT),)

    def draw(self, at: Settings, seconds: float) -> Scene:
        """Paths and losses at this angle, with those at 0°."""
        over: list[Mark] = _ellipses(np.radians(at["angle"]))
        losses: list[Mark] = []
        scaled: list[Mark] = []
        said, changes = [], []
        for label, look in self.looks.items():
            settings = settings_at(self.sliders[label], at)
            run, f = self._run(label, settings, at["angle"], seconds)
            path = run.path
            if label == self.scaled:
                scaled = _scaled(run, np.radians(at["angle"]), look)
            _, flat = self._run(label, settings, 0.0, seconds)
            steps = np.arange(len(f))
            losses += [
                Curve(np.arange(len(flat)), flat, SAME),
                Curve(steps, f, look, halo=True),
            ]
            over += [Curve(*path.T, look, halo=True), Dots(*path[-1:].T, look.color, look.marker or "o", 5)]
            said.append(run.trouble)
            if len(f) == len(flat) == self.steps + 1:
                changes.append(max(f[-1], LOWEST) / max(flat[-1], LOWEST))
                said.append(self._compared(label, f[-1], changes[-1]))
        first = _turn(np.radians(at["angle"])) @ START
        over.append(Dots(first[:1], first[1:], GREY, "o", 7, open=True))
        # Only the angle counts: with another η almost any ratio is possible.
        far = self.bound is not None and any(change >= self.bound for change in changes)
        alone = all(at[slider.name] == slider.read(None) for slider in self.controls[1:])
        if far and not alone:
            said.append(say("The goal counts at the first learning rate: press “as at first”, then turn."))
        marks = [over, losses] if self.scaled is None else [over, scaled, losses]
        return Scene(marks, said, (far and alone,))

    def _compared(self, label: str, last: float, change: float) -> str:
        words = "{rule}: f is {last:.3g} after {steps} steps, {times:.3g} times that at 0°."
        if last < LOWEST:
            words = "{rule}: f is {last:.3g} after {steps} steps, which is rounding."
        elif within(change, 1.0, SIX_DIGITS):
            words = "{rule}: f is {last:.3g} after {steps} steps, the same as that at 0°."
        return say(words, rule=label, last=last, steps=self.steps, times=change)

    def _run(
        self, label: str, settings: dict[str, float], angle: float, seconds: float
    ) -> tuple[Run, np.ndarray]:
        valley = quadratic(CURVATURES, np.radians(angle), start=START)
        share = seconds / (2 * len(self.rules))
        make, remember = lambda: self.rules[label](**settings), label == self.scaled
        run = follow(label, make, valley, valley.start, self.steps, share, remember)
        with np.errstate(all="ignore"):
            return run, np.asarray(valley.value(run.path.T))


explore_rotation = explorer(Rotation)


def _turn(angle: float) -> np.ndarray:
    return np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])


def _ellipse(angle: float, height: float) -> np.ndarray:
    """The level line of the turned bowl at a height: shape (2, 73)."""
    return _turn(angle) @ (np.sqrt(2 * height / CURVATURES)[:, None] * CIRCLE)


def _ellipses(angle: float) -> list[Mark]:
    look = Look(GREY, width=0.7, opacity=0.7)
    return [Curve(*_ellipse(angle, height), look) for height in HEIGHTS]


def _scaled(run: Run, angle: float, look: Look) -> list[Mark]:
    """A level line and the path, each coordinate times the fourth root of the rule's sum of squares.

    In these coordinates the rule's step is plain descent: −η g / √h along x is −η times the slope along
    x · ⁴√h.
    """
    sums = [array for name, array in (run.states[-1] if run.states else {}).items() if name in SUMS]
    if not sums or not (sums[0] > 0).all():
        return []
    scale = sums[0][:, None] ** 0.25
    line = scale * _ellipse(angle, HEIGHTS[-1])
    size = np.linalg.norm(line, axis=0).max()
    return [
        Curve(*(line / size), Look(look.color, width=1.8), halo=True),
        Curve(*(scale * run.path.T / size), Look(look.color, width=1.0, opacity=0.7)),
    ]
