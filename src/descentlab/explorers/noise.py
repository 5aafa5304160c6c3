"""Noisy gradients: a rule's speed, and the floor at which it stays."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from descentlab.explorers.controls import Settings, slider
from descentlab.explorers.picture import THEORY, Axis, Curve, Height, Legend, Look, Panel, by_step
from descentlab.explorers.running import attempt
from descentlab.explorers.widget import RuleExperiment, Scene, explorer
from descentlab.objectives import Objective, noisy

RUNS, SHOWN_RUNS = 300, 6
BOWL = Objective(
    "θ²/2",
    lambda theta: theta**2 / 2,
    lambda theta: theta,
    minimum=np.zeros(RUNS),
    start=np.full(RUNS, 2.0),
    extent=(-1.0, 1.0, -1.0, 1.0),
)
"""All runs in one: a coordinate for each."""


class Noise(RuleExperiment):
    """300 runs of your class in the bowl θ²/2 from θ = 2, each gradient with noise of its own.

    A mini-batch of B examples has noise of standard deviation 1/√B. `theory` gets the settings and `noise`,
    the standard deviation, by name and returns the mean square of θ that you expect in the end. `goal` is a
    mean square to get below, over the second half of the steps; with `batches`, once with each of these
    sizes.
    """

    def __init__(
        self,
        rule_class: type,
        *,
        theory: Callable[..., float] | None = None,
        steps: int = 200,
        goal: float | None = None,
        batches: Sequence[int] = (),
        **settings: Any,
    ) -> None:
        super().__init__(rule_class, steps, settings)
        self.theory = theory
        count = Axis("step", 0, steps)
        places, squares = Axis("θ", -2.5, 2.5), Axis("mean of θ²", 1e-4, 1e2, log=True)
        lines = {self.name: self.look} | ({"theory": THEORY} if theory else {})
        self.panels = (
            Panel("runs", f"{SHOWN_RUNS} of {RUNS} runs", count, places),
            Panel("squares", "", count, squares, (Height(goal, "goal"), Legend(lines))),
        )
        self.title = f"{self.name} with noisy gradients"
        self.batches = tuple(batches)
        first, *others = self.batches or (0,)
        words = "a mean of θ² below {goal:g} over the second half of {steps} steps"
        if self.batches:
            words = "a mean of θ² below {goal:g} over the second half of {steps} steps, with B = {size}"
        self.aim(words, goal, steps=steps, size=first)
        for size in others:
            self.aim("the same with B = {size}", goal, size=size)
        self.controls = [*self.sliders, slider("batch", 2 ** np.arange(9), 1, "mini-batch size B")]
        lr = self.first_settings.get("lr")
        if lr is not None:
            self.presets = {"fast, and rough": {"lr": 5 * lr}, "smooth, and late": {"lr": lr / 20}}

    def draw(self, at: Settings, seconds: float) -> Scene:
        """The runs at these settings, with the same noise each time."""
        settings = self.settings(at)
        sigma = 1 / np.sqrt(at["batch"])
        run = self.follow(settings, noisy(BOWL, sigma), seconds)
        squares = np.mean(run.path**2, axis=1)
        few = Look(self.look.color, width=0.8, opacity=0.6)
        runs = [by_step(places, few, halo=False) for places in run.path.T[:SHOWN_RUNS]]
        curves = [by_step(squares, self.look)]
        said, low = [], False
        if run.steps == self.steps:
            floor = squares[self.steps // 2 + 1 :].mean()
            said.append(f"Mean of θ² over the second half: {floor:.3g}.")
            low = floor < self.bound
        if self.theory is not None:
            expected, trouble = attempt(lambda: float(self.theory(**settings, noise=sigma)))
            if expected is not None:
                curves.insert(0, Curve([0, self.steps], [expected, expected], THEORY))
            said.append(trouble or self._verdict(expected))
        reached = [low and at["batch"] == size for size in self.batches] or [low]
        return Scene([runs, curves], [*said, run.trouble], reached)

    def _verdict(self, expected: float) -> str:
        """The theory's value in a sentence; a formula for a floor may be negative where there is no floor."""
        if not 0 <= expected < np.inf:
            return f"The theory says: no floor, {self.name} diverges."
        return f"The theory says {expected:.3g}."


explore_noise = explorer(Noise)
