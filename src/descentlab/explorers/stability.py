"""The plane of learning rates and momenta: the theory, and the student's class."""

from collections.abc import Callable, Sequence
from itertools import pairwise

import contourpy
import numpy as np

from descentlab.explorers.controls import Point, Settings, settings_of
from descentlab.explorers.picture import (
    CIRCLE,
    GRAY,
    INK,
    THEORY,
    Area,
    Axis,
    Curve,
    Dots,
    Drawable,
    Legend,
    Look,
    Panel,
    Words,
    by_step,
)
from descentlab.explorers.running import FIRST_SECONDS, attempt
from descentlab.explorers.widget import RuleExperiment, Scene, explorer
from descentlab.objectives import quadratic
from verdicts.agreement import within

HELP = "Drag the point, or use the arrow keys (with Shift in small steps)."
COLUMNS, ROWS = 61, 51
"""Points of the grid over the plane."""
LEVELS = (0.7, 0.8, 0.9, 0.95, 1.0)
SHADED, SHADE = "#0072B2", 0.1
"""The color of the regions, and the opacity that each level adds: the faster, the darker."""
UNSTABLE = 2.0
"""Larger factors, and NaN, are drawn as this one."""
WIDTH = 240
"""Width of a panel in pixels: there are three, side by side."""
ROOTS = ("o", "s", "D", "p")
ROUNDING = 1e-13
LINEAR = 1e-6
"""Allowed error of a linear recurrence of two terms, in units of the path."""


class Stability(RuleExperiment):
    """Your class at a point of the (η, μ) plane, over the shaded levels of your spectral radius.

    `radius(lr, momentum, curvature)` is the factor per step that your theory promises; of several
    `curvatures` the slowest counts. Next to it: the roots in the complex plane, measured on your class's own
    path, two for each curvature; and the distance from the minimum. `goal` is a factor per step to get below,
    measured on your class.

    Raises:
        TypeError: a class without the arguments lr and momentum.
    """

    def __init__(
        self,
        rule_class: type,
        radius: Callable[[float, float, float], float],
        curvatures: Sequence[float] = (1.0,),
        *,
        lr: float | None = None,
        momentum: float = 0.9,
        steps: int = 100,
        goal: float | None = None,
    ) -> None:
        if not {"lr", "momentum"} <= set(settings_of(rule_class)):
            raise TypeError("explore_stability needs a class with the arguments lr and momentum")
        super().__init__(rule_class, steps, {})
        self.radius, self.curvatures = radius, tuple(curvatures)
        self.valley = quadratic(self.curvatures)
        x = Axis("learning rate η", 0.0, 4 / max(self.curvatures))
        y = Axis("momentum μ", 0.0, 1.0)
        self.panels = (
            Panel("plane", "factor per step", x, y, _levels(self._theory, x), "at", HELP, WIDTH),
            self._roots_panel(),
            self._distance_panel(),
        )
        self.title = f"Where {self.name} is stable, and how fast"
        self.aim("a factor per step below {goal:g}", goal)
        across = 0.15 if lr is None else lr / x.high
        self.controls = [Point("at", "", (across, momentum))]
        self.presets = {"plain descent": {"at": (across, 0.0)}, "diverges": {"at": (0.97, 0.8)}}

    def _roots_panel(self) -> Panel:
        real, imaginary = Axis("real part", -1.3, 1.3), Axis("imaginary part", -1.3, 1.3)
        inside, circle = Area(*CIRCLE, SHADED, SHADE), Curve(*CIRCLE, Look(INK, width=1.4))
        looks = {
            f"λ = {curvature:g}": Look(self.look.color, "", marker, 0.0)
            for curvature, marker in zip(self.curvatures, ROOTS, strict=False)
        }
        marks = (inside, circle, Legend(looks, 0.05))
        return Panel("roots", "roots of a step", real, imaginary, marks, width=WIDTH)

    def _distance_panel(self) -> Panel:
        axes = Axis("step", 0, self.steps), Axis("distance", 1e-9, 1e3, log=True)
        lines = {self.name: self.look, "theory": THEORY}
        return Panel("distance", "distance, run by your class", *axes, (Legend(lines, 0.35),), width=WIDTH)

    def _theory(self, lr: float, momentum: float) -> float:
        return max(float(self.radius(lr, momentum, curvature)) for curvature in self.curvatures)

    def draw(self, at: Settings, seconds: float) -> Scene:
        """The measured path and its roots at this η and μ next to the theory's line."""
        lr, momentum = (float(f"{value:.4g}") for value in self.panels[0].value(at["at"]))
        run = self.follow({"lr": lr, "momentum": momentum}, self.valley, seconds)
        distance = np.linalg.norm(run.path, axis=1)
        said = [f"η = {lr:g}, μ = {momentum:g}."]
        measured, reached = factor_per_step(distance), False
        if measured is not None:
            said.append(f"A step of {self.name} multiplies the distance by about {measured:.3g}.")
            reached = measured < self.bound and not run.trouble
        theory_lines, judged = self._theory_line(lr, momentum, distance[0], seconds)
        said += [judged, run.trouble]
        color, rows = self.look.color, zip(map(roots_of, run.path.T), ROOTS, strict=False)
        handle = [Dots([lr], [momentum], color, marker, size) for marker, size in (((4, 1, 0), 16), ("o", 6))]
        roots = [Dots(two.real, two.imag, color, marker, 5) for two, marker in rows]
        return Scene([handle, roots, [*theory_lines, by_step(distance, self.look)]], said, (reached,))

    def _theory_line(
        self, lr: float, momentum: float, distance: float, seconds: float
    ) -> tuple[list[Drawable], str]:
        """The distance by the theory, and a sentence on it; no line if it raises."""
        theory, trouble = attempt(lambda: self._theory(lr, momentum), seconds)
        if theory is None:
            return [], trouble
        with np.errstate(all="ignore"):
            line = by_step(distance * theory ** np.arange(self.steps + 1), THEORY, halo=False)
        words = "The theory says {factor:.3g}: unstable."
        if theory < 1:
            words = "The theory says {factor:.3g}: stable."
        return [line], words.format(factor=theory)


explore_stability = explorer(Stability)


def factor_per_step(distance: np.ndarray) -> float | None:
    """The factor by which one step changes the distance to the minimum, averaged; None below 8 steps."""
    above_rounding = np.flatnonzero(distance > ROUNDING * distance[0])
    if len(above_rounding) < 9:
        return None
    distance = distance[: above_rounding[-1] + 1]
    falls = distance[-4:].max() < distance[0]
    envelope = np.maximum.accumulate(distance[::-1])[::-1] if falls else np.maximum.accumulate(distance)
    late = np.arange(len(distance) // 4, len(distance))
    return np.exp(np.polyfit(late, np.log(envelope[late]), 1)[0])


def _levels(factor: Callable[[float, float], float], x: Axis) -> tuple[Drawable, ...]:
    """Shaded regions below levels of the theory `factor(lr, momentum)`, with edges and numbers.

    None for a theory that fails: the sentence under the picture gives the reason.
    """
    rates, momenta = np.linspace(x.high / 500, x.high, COLUMNS), np.linspace(0.0, 0.999, ROWS)
    on_grid = np.vectorize(factor, otypes=[float])
    factors, trouble = attempt(lambda: on_grid(*np.meshgrid(rates, momenta)), FIRST_SECONDS)
    if trouble or not factors.min() < UNSTABLE:
        return ()
    factors = np.fmin(factors, UNSTABLE)
    marks = []
    names = [Words(0.98 * x.high, 0.03, "diverges here", INK, "end")]
    for level in LEVELS:
        regions = regions_below(level, rates, momenta, factors)
        marks += [Area(*edge.T, SHADED, SHADE) for edge in regions]
        look = Look(INK, width=2.0) if level == 1 else Look(GRAY, width=0.9)
        marks += [Curve(*edge.T, look) for edge in regions]
        if regions and level < 1:
            lr, momentum = min(np.concatenate(regions), key=lambda place: place[0] - place[1])
            names.append(Words(lr, momentum - 0.06, f"< {level:g}", GRAY, boxed=True))
    return (*marks, *names)


def regions_below(level: float, x: np.ndarray, y: np.ndarray, heights: np.ndarray) -> list[np.ndarray]:
    """The closed edges of the regions below a level: arrays of shape (n, 2)."""
    generator = contourpy.contour_generator(x, y, heights, fill_type="OuterOffset")
    filled = zip(*generator.filled(min(heights.min(), level) - 1, level), strict=True)
    return [points[a:b] for points, ends in filled for a, b in pairwise(ends.tolist())]


def roots_of(places: np.ndarray) -> np.ndarray:
    """The roots s of s² = a s + b, where each place is a times the last plus b times the one before.

    None if the places do not fit, as those of a rule that is not linear.
    """
    places = places[:40] / np.abs(places[:40]).max()
    if len(places) < 4:
        return np.array([])
    if within(places[2] * places[0], places[1] ** 2, LINEAR * places[0] ** 2):
        return np.array([places[1] / places[0]], complex)  # plain descent: one term is enough
    before = np.stack([places[1:-1], places[:-2]], axis=1)
    a, b = np.linalg.lstsq(before, places[2:], rcond=None)[0]
    fits = np.abs(before @ [a, b] - places[2:]).max() <= LINEAR
    return np.roots([1.0, -a, -b]) if fits else np.array([])
