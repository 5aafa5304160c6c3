"""The still part of the stability explorer: shaded levels of a theory over the plane, and where a goal is."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TypeVar

import numpy as np

from descentlab.explorers.picture import (
    AIM,
    GREY,
    INK,
    Area,
    Axis,
    Curve,
    Dots,
    Look,
    Mark,
    Window,
    Words,
)
from descentlab.explorers.running import FIRST_SECONDS, quiet
from descentlab.figures.levels import Levels
from descentlab.sentences import say

Made = TypeVar("Made")
COLUMNS, ROWS, HALVINGS = 21, 17, 1
"""Of the grid from which the level lines are found; each point is a call of the student's function."""
CLOSE = 13
"""Rates, and momenta, of the grid around a goal that is reached in a small region only."""
LEVELS = (0.7, 0.8, 0.9, 0.95, 1.0)
SHADE = 0.1
"""Opacity that each level adds: the faster, the darker."""
SHADED = "#0072B2"
SMALL = 0.2
"""A region smaller than this, in panels, is also shown from nearer."""
MARGIN = 0.45
"""What a window shows around a region, in the region's sizes."""
FRAMES = ((0.5, 0.42), (0.4, 0.36), (0.26, 0.3))
"""Widths and heights of a window, in panels: the largest that covers nothing but what diverges is taken."""
ROOM = 0.035
"""From a number to the nearest line, in panels: where there is less the number is left out."""
KEPT = 8
"""How many maps are kept."""
GAP = 0.02
"""From a window to the panel's right end, in panels; BELOW is from its lower end."""
BELOW = 0.1


class StabilityMap:
    """The theory `factor(lr, momentum)` over the plane of these axes; `goal` is a factor, or None."""

    def __init__(self, factor: Callable[[float, float], float], x: Axis, y: Axis, goal: float | None) -> None:
        self.factor, self.x, self.y, self.goal = factor, x, y, goal

    @cached_property
    def first_grid(self) -> Levels | None:
        """The theory at few points; None where it fails, which the sentence under the picture says."""
        rates, momenta = np.linspace(self.x.high / 500, self.x.high, COLUMNS), np.linspace(0.0, 0.999, ROWS)
        levels = _unless_it_fails(lambda: Levels.of(self.factor, rates, momenta), None)
        return levels if levels and np.isfinite(levels.heights).any() else None

    @cached_property
    def levels(self) -> Levels | None:
        """The theory over the plane, close where its levels are."""
        drawn_levels = LEVELS if self.goal is None else (*LEVELS, self.goal)
        return self.first_grid and self.first_grid.finer(drawn_levels, HALVINGS)

    @cached_property
    def best(self) -> tuple[float, float, float]:
        """Where the factor is lowest, η and μ, and the factor."""
        return self.levels.lowest()

    @cached_property
    def marks(self) -> tuple[Mark, ...]:
        """Shaded regions, their lines and numbers, the goal's region, and the window on it."""
        return _unless_it_fails(lambda: () if self.first_grid is None else self._drawn(), ())

    def _drawn(self) -> tuple[Mark, ...]:
        areas: list[Mark] = []
        drawn: list[Mark] = []
        lines = {level: self.levels.lines(level) for level in LEVELS}
        for level in LEVELS:
            areas += [Area(*edge.T, SHADED, SHADE) for edge in self.levels.below(level)]
            look = Look(INK, width=2.0) if level == 1 else Look(GREY, width=0.9)
            drawn += [Curve(*piece.T, look) for piece in lines[level]]
        # At the lower right, where every rule of this kind diverges.
        outside = Words(0.98 * self.x.high, 0.03, say("diverges here"), INK, "end")
        names = self._names(lines)
        return (*areas, *drawn, *self._region, *names, outside, *([self.window] if self.window else []))

    def _names(self, lines: dict[float, list[np.ndarray]]) -> list[Mark]:
        """Each level's number, within its region and outside the next."""
        names: list[Mark] = []
        shown = [_outline(self.window)] if self.window else []
        for below, above in zip(LEVELS, (-np.inf, *LEVELS), strict=False):
            near = [*lines[below], *lines.get(above, []), *self._edges, *shown]
            place = self.levels.roomiest(below, above, near, least=ROOM) if near else None
            if place and below < 1:
                names.append(Words(place[0], place[1] - 0.02, f"< {below:g}", GREY, "middle", boxed=True))
        return names

    @cached_property
    def _edges(self) -> list[np.ndarray]:
        """The edges of the goal's region; a small one, or one within a cell, is looked at closer."""
        if self.goal is None or self.levels is None:
            return []
        whole = np.array([self.x.high - self.x.low, self.y.high - self.y.low])
        cell, edges = self.levels.cell, self.levels.below(self.goal)
        points = np.concatenate(edges) if edges else np.array([self.best[:2]])
        if (np.ptp(points, axis=0) > SMALL * whole).any():
            return edges
        reach = cell if edges else 2 * cell
        low, high = points.min(axis=0) - reach, points.max(axis=0) + reach
        ends = ((self.levels.x[0], self.levels.x[-1]), (self.levels.y[0], self.levels.y[-1]))
        near = [
            np.linspace(max(a, first), min(b, last), CLOSE)
            for a, b, (first, last) in zip(low, high, ends, strict=True)
        ]
        return Levels.of(self.factor, *near, [self.goal], HALVINGS).below(self.goal)

    @cached_property
    def _region(self) -> list[Area | Curve]:
        """The goal's region, green."""
        areas = [Area(*edge.T, AIM, 0.4) for edge in self._edges]
        return [*areas, *(Curve(*edge.T, Look(AIM, width=1.4)) for edge in self._edges)]

    @cached_property
    def window(self) -> Window | None:
        """The goal's region from nearer, where it is small, with its number."""
        if not self._edges:
            return None
        points = np.concatenate(self._edges)
        low, size = points.min(axis=0), np.ptp(points, axis=0)
        panel = np.array([self.x.high - self.x.low, self.y.high - self.y.low])
        if (size > SMALL * panel).any():
            return None
        (left, bottom), (right, top) = low - MARGIN * size, low + (1 + MARGIN) * size
        near = Axis("", left, right), Axis("", bottom, top)
        words = Words(near[0].value(0.06), near[1].value(0.82), f"< {self.goal:g}", AIM)
        return Window(*near, self._frame(), (*self._region, words))

    def _frame(self) -> tuple[float, float, float, float]:
        """The place of the largest window under which nothing converges; else of the smallest."""
        for width, height in FRAMES:
            left = 1 - GAP - width
            columns = self.levels.x >= self.x.value(left)
            rows = self.levels.y <= BELOW + height
            if (self.levels.heights[np.ix_(rows, columns)] >= 1).all():
                break
        return left, BELOW, width, height

    def handle(self, lr: float, momentum: float, color: str) -> list[Mark]:
        """The point as the window shows it."""
        if not self.marks or self.window is None:
            return []
        one = self.window
        return [Window(one.x, one.y, one.place, [Dots([lr], [momentum], color, "o", 5)], ground=False)]

    def best_point(self) -> list[Mark]:
        """The lowest factor and its place."""
        if not self.marks:
            return []
        x, y, height = self.best
        words = say("best: {factor}", factor=f"{height:.2f}")
        return [Dots([x], [y], INK, "+", 7, open=True), Words(x, y + 0.04, words, INK, "middle", boxed=True)]


def map_of(factor: Callable[[float, float], float], x: Axis, y: Axis, goal: float | None) -> StabilityMap:
    """The map of a theory; the one made before, where a theory had the same values at all points asked first.

    A student runs the cell again after a change of the rule; most of the time it takes is the theory's.
    """
    new = StabilityMap(factor, x, y, goal)
    if new.first_grid is None:
        return new
    key = (new.first_grid.heights.tobytes(), x, y, goal)
    known = _made.pop(key, new)
    _made[key] = known
    while len(_made) > KEPT:
        del _made[next(iter(_made))]
    return known


_made: dict[tuple, StabilityMap] = {}


def _unless_it_fails(make: Callable[[], Made], otherwise: Made) -> Made:
    """What is made of the student's theory; `otherwise` where that fails, as is said under the picture."""
    try:
        with quiet(FIRST_SECONDS):
            return make()
    except NotImplementedError:
        raise
    except Exception:
        return otherwise


def _outline(window: Window) -> np.ndarray:
    """Points all along the edge of what a window shows."""
    x, y = np.linspace(window.x.low, window.x.high, 9), np.linspace(window.y.low, window.y.high, 9)
    sides = [(x, y[:1]), (x, y[-1:]), (x[:1], y), (x[-1:], y)]
    return np.concatenate([np.stack(np.meshgrid(*side), axis=-1).reshape(-1, 2) for side in sides])
