"""A turned bowl: does the rule notice?"""

from typing import Any

import numpy as np

from descentlab.explorers.controls import Settings, linear, slider
from descentlab.explorers.picture import (
    CIRCLE,
    CONTOUR,
    GRAY,
    HEIGHT,
    REFERENCE,
    Axis,
    Curve,
    Dots,
    Drawable,
    Legend,
    Look,
    Panel,
    by_step,
    ring,
)
from descentlab.explorers.running import Run
from descentlab.explorers.widget import RuleExperiment, Scene, explorer
from descentlab.objectives import quadratic
from verdicts.agreement import SIX_DIGITS, within

CURVATURES, START = np.array([0.1, 2.0]), np.array([-7.0, 2.0])
HEIGHTS = (0.05, 0.3, 1.0, 2.5, 5.0, 9.0, 15.0)
REACH, REACH_SCALED = 8.0, 1.3
SQUARE_SUM_NAMES = ("h", "v", "s", "G", "cache")
"""Usual names for the sum, or mean, of squared gradients."""
UNTURNED_LOOK = Look(GRAY, "1 2")
LOWEST, HIGHEST = 1e-12, 1e4
"""Ends of the axis of f. Smaller values are rounding errors and count as the low end in ratios."""


class Rotation(RuleExperiment):
    """Your class on the bowl x²/20 + y², turned by an angle with its start.

    The gray line is the same class at 0°. Of a class with an argument `eps` a third picture shows the bowl in
    coordinates scaled by its own sum of squares: rounder where the scales fit. `goal` is how many times larger
    the turn alone must make the last f.

    Raises:
        TypeError: it is not a class, or its constructor has no such setting.
    """

    def __init__(
        self,
        rule_class: type,
        *,
        steps: int = 100,
        angle: float = 0.0,
        goal: float | None = None,
        **settings: Any,
    ) -> None:
        super().__init__(rule_class, steps, settings)
        self.is_scaled = "eps" in self.first_settings
        axes = Axis("step", 0, steps), Axis("f", LOWEST, HIGHEST, log=True)
        both = {self.name: self.look, "the same at 0°": UNTURNED_LOOK}
        self.panels = (
            Panel("path", "", *(Axis(name, -REACH, REACH) for name in "xy"), width=HEIGHT),
            *([self._scaled_panel()] if self.is_scaled else []),
            Panel("loss", "", *axes, (Legend(both, 0.3),), width=HEIGHT),
        )
        self.title = f"{self.name} in a turned bowl"
        self.aim("an angle that makes the last f at least {factor:g} times as large", goal, factor=goal)
        self.controls = [slider("angle", linear(0, 90, 90), angle, "angle in degrees"), *self.sliders]
        self.presets = {f"{degrees}°": {"angle": degrees} for degrees in (0, 45, 90)}

    def _scaled_panel(self) -> Panel:
        """The bowl in coordinates divided by the rule's own scales."""
        axes = (Axis(f"{name} · ⁴√h", -REACH_SCALED, REACH_SCALED) for name in "xy")
        return Panel(
            "scaled",
            f"as {self.name} scales it",
            *axes,
            (Curve(*CIRCLE, REFERENCE),),
            width=HEIGHT,
        )

    def draw(self, at: Settings, seconds: float) -> Scene:
        """Path and loss at this angle, with the loss at 0°."""
        angle, look = np.radians(at["angle"]), self.look
        run, f = self._run(at, angle, seconds / 2)
        _, flat = self._run(at, 0.0, seconds / 2)
        over = [
            *(Curve(*_ellipse(angle, height), CONTOUR) for height in HEIGHTS),
            Curve(*run.path.T, look, halo=True),
            Dots(*run.path[-1:].T, look.color, look.marker or "o", 5),
            ring(run.path[0]),
        ]
        losses = [by_step(flat, UNTURNED_LOOK, halo=False), by_step(f, look)]
        said, far = [run.trouble], False
        if len(f) == len(flat) == self.steps + 1:
            change = max(f[-1], LOWEST) / max(flat[-1], LOWEST)
            said.append(self._compared(f[-1], change))
            far = change >= self.bound
        # Only the angle counts: with another η almost any ratio is possible.
        alone = self.settings(at) == self.first_settings
        if far and not alone:
            said.append("The goal counts at the first learning rate: press “as at first”, then turn.")
        scaled = [_scaled(run, angle, look)] if self.is_scaled else []
        return Scene([over, *scaled, losses], said, (far and alone,))

    def _compared(self, last: float, change: float) -> str:
        words = "{rule}: f is {last:.3g} after {steps} steps, {times:.3g} times that at 0°."
        if last < LOWEST:
            words = "{rule}: f is {last:.3g} after {steps} steps, which is rounding."
        elif within(change, 1.0, SIX_DIGITS):
            words = "{rule}: f is {last:.3g} after {steps} steps, the same as that at 0°."
        return words.format(rule=self.name, last=last, steps=self.steps, times=change)

    def _run(self, at: Settings, angle: float, seconds: float) -> tuple[Run, np.ndarray]:
        valley = quadratic(CURVATURES, angle, start=START)
        run = self.follow(self.settings(at), valley, seconds, remember=self.is_scaled)
        with np.errstate(all="ignore"):
            return run, valley.value(run.path.T)


explore_rotation = explorer(Rotation)


def _ellipse(angle: float, height: float) -> np.ndarray:
    """The level line of the turned bowl at a height: shape (2, 73)."""
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    return turn @ (np.sqrt(2 * height / CURVATURES)[:, None] * CIRCLE)


def _scaled(run: Run, angle: float, look: Look) -> list[Drawable]:
    """A level line and the path, each coordinate times the fourth root of the rule's sum of squares.

    In these coordinates the rule's step is plain descent: −η g / √h along x is −η times the slope along
    x · ⁴√h.
    """
    state = run.states[-1] if run.states else {}
    sums = [array for name, array in state.items() if name in SQUARE_SUM_NAMES]
    if not sums or not (sums[0] > 0).all():
        return []
    scale = sums[0][:, None] ** 0.25
    line = scale * _ellipse(angle, HEIGHTS[-1])
    size = np.linalg.norm(line, axis=0).max()
    return [
        Curve(*(line / size), Look(look.color), halo=True),
        Curve(*(scale * run.path.T / size), Look(look.color, width=1.0, opacity=0.7)),
    ]
