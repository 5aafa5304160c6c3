"""A race of every rule on one surface, step by step, with the growing losses."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache, partial

import numpy as np

from descentlab.explorers.controls import (
    Choice,
    Clock,
    Point,
    Settings,
    label_of,
    logarithmic,
    settings_of,
    slider,
)
from descentlab.explorers.paths import above_minimum, panels_of
from descentlab.explorers.picture import Legend, Track, looks_of, ring
from descentlab.explorers.running import FAR, FIRST_SECONDS, Run, follow, quiet
from descentlab.explorers.widget import Experiment, Racer, Scene, explorer
from descentlab.objectives import Objective, bowl, descend, double_well, quadratic, rosenbrock, saddle

SURFACES: Mapping[str, Objective] = {
    "bowl": bowl,
    "narrow valley": quadratic([0.02, 2.0], angle=0.5, start=(6.0, 1.0)),
    "saddle": saddle,
    "Rosenbrock": rosenbrock,
    "double well": double_well,
}
EXPONENTS = np.arange(-3.5, 1.0, 0.5)
"""Exponents of 10: each rule's learning rate is chosen from these, then from values half a step away."""
LEAST = 1e-12
"""Losses below this count as equal: they are rounding errors."""
BEST, EQUAL = range(2)
RATES = "each at its best", "one for all"
STEPS = 100
LINE_WIDTH = 1.6
NAMES_AT = 1.04
"""Left end of the printed names, in widths of their panel, where no line is."""


class Race(Experiment):
    """Your classes race on a surface: play, pause, step, and drag the start.

    Each class needs an argument `lr`; the others keep their defaults. The learning rates are each rule's
    best on this surface (the lowest maximum of f in the last quarter of the steps, so that no rate wins by one
    lucky step, on a grid from 10⁻³·⁵ to 3, refined), or one for all on a slider that begins at `lr`. The paths are computed once a setting, the frames are drawn in the browser.

    Raises:
        TypeError: a class has no `lr`.
    """

    def __init__(
        self, rules: Sequence[type] | Mapping[str, type], *, steps: int = STEPS, lr: float = 0.1
    ) -> None:
        self.rules = dict(rules) if isinstance(rules, Mapping) else {label_of(cls): cls for cls in rules}
        for label, cls in self.rules.items():
            if "lr" not in settings_of(cls):
                raise TypeError(f"{label} has no argument lr: a race needs it")
        self.steps = steps
        self.looks = {label: replace(look, width=LINE_WIDTH) for label, look in looks_of(self.rules).items()}
        self.surfaces = list(SURFACES.values())
        self.chosen, self.shared, self.way = 0, lr, BEST
        names = (Legend(self.looks, NAMES_AT),)
        faces = (panels_of(objective, steps, None) for objective in self.surfaces)
        self.faces = [(over, replace(losses, printed=names)) for over, losses in faces]
        self.panels = self.faces[0]
        self.title = f"The race of {len(self.rules)} rules"
        self.controls = [
            Choice("surface", "surface", 0, tuple(SURFACES)),
            Choice("rates", "rates η", BEST, tuple(RATES)),
            slider("lr", logarithmic(1e-3, 5.0, 20), lr, "the same η"),
            Point("start", "", self.panels[0].handle(self.surfaces[0].start)),
            Clock("clock", "step", steps, tuple(map(str, range(steps + 1)))),
        ]

    def draw(self, at: Settings, seconds: float) -> Scene:
        """The paths on this surface at these rates."""
        number, put = at["surface"], {}
        objective, panels = self.surfaces[number], self.faces[number]
        if number != self.chosen:
            put["start"] = panels[0].handle(objective.start)
        if at["lr"] != self.shared and at["rates"] == self.way:  # only the slider moved: use its rate
            put["rates"] = EQUAL
        at = at | put
        self.chosen, self.shared, self.way = number, at["lr"], at["rates"]
        moved = replace(objective, start=panels[0].dragged(objective.start, at["start"]))
        rates = dict.fromkeys(self.rules, at["lr"]) if at["rates"] == EQUAL else self._best(number)
        share = seconds / len(self.rules)
        runs = {
            label: follow(label, partial(cls, lr=rates[label]), moved, self.steps, share)
            for label, cls in self.rules.items()
        }
        above = {label: above_minimum(objective, run.path.T) for label, run in runs.items()}
        racers = [self._racer(label, rates[label], heights) for label, heights in above.items()]
        over = [Track(*run.path.T, self.looks[label]) for label, run in runs.items()]
        losses = [Track(np.arange(len(f)), f, self.looks[label]) for label, f in above.items()]
        marks, said = [[ring(moved.start), *over], losses], self._in_words(runs, racers)
        return Scene(marks, said, panels=panels, put=put, racers=racers)

    def _racer(self, label: str, rate: float, above: np.ndarray) -> Racer:
        texts = [f"{height:.1e}" if height > LEAST else f"<{LEAST:.0e}" for height in above]
        missing = self.steps + 1 - len(above)
        heights = [*np.log10(np.maximum(above, LEAST)), *[np.inf] * missing]
        name = f"{label}, η = {rate:.3g}"
        return Racer(name, self.looks[label], [*texts, *["diverged"] * missing], heights)

    def _in_words(self, runs: Mapping[str, Run], racers: Sequence[Racer]) -> list[str]:
        places = sorted(zip(runs, racers, strict=True), key=lambda pair: pair[1].heights[-1])
        (first, winner), (last, loser) = places[0], places[-1]
        said = (
            f"After {self.steps} steps {first} is lowest (f is {winner.texts[-1]} above the minimum), "
            f"{last} highest ({loser.texts[-1]})."
        )
        return [said, *(run.trouble for run in runs.values())]

    @cache  # noqa: B019 (one explorer)
    def _best(self, number: int) -> dict[str, float]:
        """Each rule's best rate on the surface."""
        objective = self.surfaces[number]
        return {label: best_rate(cls, objective, self.steps) for label, cls in self.rules.items()}


explore_race = explorer(Race)


def best_rate(rule_class: type, objective: Objective, steps: int) -> float:
    """The learning rate with the lowest `score`, on a grid refined once."""
    scores = {}
    with quiet(FIRST_SECONDS):
        for exponents in (EXPONENTS, np.array([-0.25, 0.25])):
            around = min(scores, key=scores.get, default=0.0)
            for exponent in np.round(around + exponents, 2).tolist():
                scores[exponent] = score(rule_class, objective, 10**exponent, steps)
    return float(f"{10 ** min(scores, key=scores.get):.2g}")


def score(rule_class: type, objective: Objective, lr: float, steps: int) -> float:
    """log10 of the highest f above the minimum in the last quarter; infinite if the rule diverges."""
    try:
        path = descend(rule_class(lr=lr), objective, steps)
    except NotImplementedError:
        raise
    except Exception:
        return np.inf  # the race itself gives the reason
    if not np.abs(path).max() < FAR * np.abs(objective.extent).max():
        return np.inf
    late = path[-max(1, steps // 4) :]
    return np.log10(max(LEAST, above_minimum(objective, late.T).max()))
