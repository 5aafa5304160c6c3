"""Level lines of a function that costs a call a point: exact where they cross a coarse grid, with corners.

A spectral radius has kinks, along which the lines of a plain contour plot are saw-teeth at any affordable
grid. Here each crossing of a grid's edge is looked for by regula falsi and bisection, so that a straight line
comes out straight; and where two pieces meet at an angle within a cell, the corner is where they intersect.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import contourpy
import numpy as np

from descentlab.agreement import within

CALLS = 16
"""Evaluations for one crossing at most."""
SMOOTH = 0.97
"""Two pieces with a cosine above this between them are one smooth line."""
EDGE = 1e-9
"""How close a point is to an edge that it lies on, in cells: contourpy's coordinates are rounded."""
TOUCHING = 0.03
"""Points closer than this, in cells, are one: their direction would be noise."""
ROUNDS = 10
"""Grids in the search for the lowest point, each of half the width."""
FAR = 2.0
"""How far from its cell a corner may lie, in cells."""


@dataclass(frozen=True)
class Levels:
    """A function's values on a grid, and what is below a level."""

    value: Callable[[float, float], float]
    x: np.ndarray
    y: np.ndarray
    heights: np.ndarray
    """Shape (len(y), len(x))."""
    known: dict[tuple[float, float, float], tuple[float, float]] = field(default_factory=dict)

    @classmethod
    def of(cls, value: Callable[[float, float], float], x: Sequence[float], y: Sequence[float]) -> Levels:
        """Evaluates on the grid of these coordinates."""
        heights = np.array([[value(a, b) for a in x] for b in y])
        return cls(value, np.asarray(x, float), np.asarray(y, float), heights)

    def below(self, level: float) -> list[np.ndarray]:
        """The edges of the regions below the level, closed: arrays of shape (n, 2)."""
        generator = contourpy.contour_generator(self.x, self.y, self.heights, fill_type="OuterOffset")
        lowest = min(float(np.nanmin(self.heights)), level) - 1.0
        polygons = zip(*generator.filled(lowest, level), strict=True)
        return [
            self._exact(points[first:last], level)
            for points, ends in polygons
            for first, last in pairwise(ends.tolist())
        ]

    def lines(self, level: float) -> list[np.ndarray]:
        """The level line's pieces: arrays of shape (n, 2)."""
        generator = contourpy.contour_generator(self.x, self.y, self.heights)
        return [self._exact(piece, level) for piece in generator.lines(level)]

    def lowest(self) -> tuple[float, float, float]:
        """Where the function is least, x and y, and its value there: on ever finer grids around the best."""
        row, column = np.unravel_index(int(np.nanargmin(self.heights)), self.heights.shape)
        best = (float(self.heights[row, column]), float(self.x[column]), float(self.y[row]))
        around = np.linspace(-2.0, 2.0, 9)
        for halving in range(ROUNDS):
            width, height = self.cell / 2**halving
            xs = np.clip(best[1] + width * around, self.x[0], self.x[-1]).tolist()
            ys = np.clip(best[2] + height * around, self.y[0], self.y[-1]).tolist()
            best = min([best, *((float(self.value(x, y)), x, y) for x in xs for y in ys)])
        return best[1], best[2], best[0]

    @property
    def cell(self) -> np.ndarray:
        """Width and height of a cell of the grid."""
        return np.array([np.ptp(self.x) / (len(self.x) - 1), np.ptp(self.y) / (len(self.y) - 1)])

    def _exact(self, points: np.ndarray, level: float) -> np.ndarray:
        exact = np.array([self._crossing(*point, level) for point in points.tolist()])
        return self.cell * with_corners(exact / self.cell)

    def _crossing(self, x: float, y: float, level: float) -> tuple[float, float]:
        """The point moved along its edge of the grid to where the level is crossed: worked out once."""
        if (x, y, level) not in self.known:
            self.known[x, y, level] = self._crossed(x, y, level)
        return self.known[x, y, level]

    def _crossed(self, x: float, y: float, level: float) -> tuple[float, float]:
        columns, rows = within(self.x, x, EDGE * self.cell[0]), within(self.y, y, EDGE * self.cell[1])
        if columns.any() == rows.any():
            return x, y  # a corner of the grid
        if columns.any():
            column, row = int(np.argmax(columns)), int(np.searchsorted(self.y, y))
            part = slice(row - 1, row + 1)
            return x, root(
                lambda b: self.value(x, b) - level, self.y[part], self.heights[part, column] - level
            )
        row, column = int(np.argmax(rows)), int(np.searchsorted(self.x, x))
        part = slice(column - 1, column + 1)
        return root(lambda a: self.value(a, y) - level, self.x[part], self.heights[row, part] - level), y


def root(f: Callable[[float], float], ends: np.ndarray, heights: np.ndarray) -> float:
    """Where f is zero between two ends at which it has these heights, of opposite signs."""
    (a, b), (at_a, at_b) = ends.tolist(), heights.tolist()
    place, near = a, 1e-4 * (b - a)
    for call in range(CALLS):
        before, place = place, (a * at_b - b * at_a) / (at_b - at_a)
        if call % 3 == 2:
            place = (a + b) / 2
        height = float(f(place))
        if abs(height) < 1e-9 or within(place, before, near) or height != height:
            break
        # The end that stays counts half from now on (Illinois), or a kink would keep it for ever.
        if (height < 0) == (at_b < 0):
            b, at_b, at_a = place, height, at_a / 2
        else:
            a, at_a, at_b = place, height, at_b / 2
    return place


def with_corners(line: np.ndarray) -> np.ndarray:
    """The line, in units of cells, with a point more where its pieces beside a short one meet at an angle."""
    apart = np.append(True, np.abs(np.diff(line, axis=0)).max(axis=1) > TOUCHING)
    line = line[apart]
    count, closed = len(line), bool(within(line[0], line[-1], EDGE).all())
    ring = count - 1 if closed else count
    points = [line[0]]
    for i in range(1, count):
        if closed or 2 <= i < count - 1:
            points += _corner(line[(i - 2) % ring], line[i - 1], line[i % ring], line[(i + 1) % ring])
        points.append(line[i])
    return np.array(points)


def _corner(before: np.ndarray, begin: np.ndarray, end: np.ndarray, after: np.ndarray) -> list[np.ndarray]:
    """Where the pieces before `begin` and after `end` intersect, if that is between them and near."""
    first, second = begin - before, after - end
    lengths = np.linalg.norm(first) * np.linalg.norm(second)
    if lengths == 0 or first @ second > SMOOTH * lengths:
        return []
    area = first[0] * second[1] - first[1] * second[0]
    if area == 0:
        return []
    gap = end - begin
    along = (gap[0] * second[1] - gap[1] * second[0]) / area
    back = (gap[0] * first[1] - gap[1] * first[0]) / area
    corner = begin + along * first
    beyond = along > 0 > back and np.abs(corner - begin).max() < FAR
    return [corner] if beyond else []
