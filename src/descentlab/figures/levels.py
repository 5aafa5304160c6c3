"""Level lines of a function that costs a call a point: exact where they cross a coarse grid, with corners.

A spectral radius has kinks, along which the lines of a plain contour plot are saw-teeth, and regions with
tips thinner than a cell, at any affordable grid. So the grid is halved where a level is near, and there
alone; each crossing of a grid's edge is looked for by regula falsi and bisection, so that a straight line
comes out straight; and where two pieces meet at an angle within a cell, the corner is where they intersect.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice, pairwise

import contourpy
import numpy as np

from descentlab.agreement import within

CALLS = 16
"""Evaluations for one crossing at most."""
SMOOTH = 0.97
"""Two pieces with a cosine above this between them are one smooth line."""
EDGE = 1e-9
"""How close a point is to an edge that it lies on, in cells: contourpy's coordinates are rounded."""
NEAR = 0.003
"""How well a crossing is found, in cells."""
BEYOND = 0.5
"""How much farther than a kink between straight lines a curved one is expected to reach."""
SPECK = 4.0
"""A piece shorter than this, in cells, and no farther from a longer one, is that one's tip."""
CORNER = 0.15
"""How far a corner's height may be from the level, in differences of its cell."""
CANDIDATES = 900
"""Places, about, that are compared for a label."""
ALONG = 100
"""Points of a line, about, to which a label keeps its distance."""
TOUCHING = 0.03
"""Points closer than this, in cells, are one: their direction would be noise."""
ROUNDS = 8
"""Grids in the search for the lowest point, each of half the width."""
FAR = 3.0
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
    def of(
        cls,
        value: Callable[[float, float], float],
        x: Sequence[float],
        y: Sequence[float],
        levels: Sequence[float] = (),
        halvings: int = 0,
    ) -> Levels:
        """Evaluates on the grid of these coordinates, evenly spaced, and on finer ones near the `levels`."""
        heights = np.array([[value(a, b) for a in x] for b in y], float)
        return cls(value, np.asarray(x, float), np.asarray(y, float), heights).finer(levels, halvings)

    def finer(self, levels: Sequence[float], halvings: int) -> Levels:
        """The grid so many times halved, evaluated only where one of these levels is near."""
        grid = self
        for _ in range(halvings):
            grid = grid._halved(levels)
        return grid

    def _halved(self, levels: Sequence[float]) -> Levels:
        """The grid of half the width: evaluated where a level is near, interpolated where none is."""
        near = np.repeat(np.repeat(_near(self.heights, levels), 2, axis=0), 2, axis=1)
        asked = np.zeros((near.shape[0] + 1, near.shape[1] + 1), bool)
        for rows in (slice(None, -1), slice(1, None)):
            for columns in (slice(None, -1), slice(1, None)):
                asked[rows, columns] |= near
        asked[::2, ::2] = False  # known
        x, y = _with_middles(self.x), _with_middles(self.y)
        heights = _with_middles(_with_middles(self.heights).T).T
        for row, column in np.argwhere(asked).tolist():
            heights[row, column] = self.value(float(x[column]), float(y[row]))
        return Levels(self.value, x, y, heights)

    def below(self, level: float) -> list[np.ndarray]:
        """The edges of the regions below the level, closed: arrays of shape (n, 2)."""
        generator = contourpy.contour_generator(self.x, self.y, self.heights, fill_type="OuterOffset")
        lowest = min(float(np.nanmin(self.heights)), level) - 1.0
        polygons = zip(*generator.filled(lowest, level), strict=True)
        return self._whole(
            self._exact(points[first:last], level)
            for points, ends in polygons
            for first, last in pairwise(ends.tolist())
        )

    def lines(self, level: float) -> list[np.ndarray]:
        """The level line's pieces: arrays of shape (n, 2)."""
        generator = contourpy.contour_generator(self.x, self.y, self.heights)
        return self._whole(self._exact(piece, level) for piece in generator.lines(level))

    def _whole(self, pieces: Iterable[np.ndarray]) -> list[np.ndarray]:
        """The pieces without those in which the tip of another, thinner than a cell, goes on."""
        pieces = list(pieces)
        sizes = [float((np.ptp(piece, axis=0) / self.cell).max()) for piece in pieces]
        long = [piece for piece, size in zip(pieces, sizes, strict=True) if size >= SPECK]

        def goes_on(piece: np.ndarray) -> bool:
            middle = piece.mean(axis=0)
            return any(within(other, middle, SPECK * self.cell).all(axis=1).any() for other in long)

        return [p for p, size in zip(pieces, sizes, strict=True) if size >= SPECK or not goes_on(p)]

    def roomiest(
        self, below: float, above: float, lines: Sequence[np.ndarray], flat: float = 0.5, least: float = 0.0
    ) -> tuple[float, float] | None:
        """Where a label fits best between two levels: farthest from the lines and from the grid's ends.

        Distances are in widths and heights of the grid, those across counted `flat` times: letters are wide.
        None where there is no place, or none `least` away from all of these.
        """
        stride = max(1, int(np.sqrt(self.heights.size / CANDIDATES)))
        inside = (self.heights[::stride, ::stride] < below) & (self.heights[::stride, ::stride] >= above)
        rows, columns = np.nonzero(inside)
        if not len(rows):
            return None
        low, size = np.array([self.x[0], self.y[0]]), np.array([np.ptp(self.x), np.ptp(self.y)])
        places = (np.stack([self.x[::stride][columns], self.y[::stride][rows]], axis=1) - low) / size
        few = [np.asarray(line)[:: max(1, len(line) // ALONG)] for line in lines]
        points = (np.concatenate(few) - low) / size
        scale = np.array([flat, 1.0])
        apart = ((places[:, None] - points[None]) * scale) ** 2
        room = np.sqrt(apart.sum(axis=2).min(axis=1))
        ends = (np.minimum(places, 1 - places) * scale).min(axis=1)
        room = np.minimum(room, ends)
        x, y = (low + size * places[np.argmax(room)]).tolist()
        return (x, y) if room.max() >= least else None

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

    @cached_property
    def cell(self) -> np.ndarray:
        """Width and height of a cell of the grid."""
        return np.array([np.ptp(self.x) / (len(self.x) - 1), np.ptp(self.y) / (len(self.y) - 1)])

    def _exact(self, points: np.ndarray, level: float) -> np.ndarray:
        exact = np.array([self._crossing(*point, level) for point in points.tolist()])
        return self.cell * with_corners(exact / self.cell, lambda corner: self._is_at(corner, level))

    def _is_at(self, place: np.ndarray, level: float) -> bool:
        """Whether the function has about this level at a place in cells: lines may end before they meet."""
        column, row = (place - [self.x[0], self.y[0]] / self.cell).astype(int)
        rows, columns = self.heights.shape
        if not (0 <= column < columns - 1 and 0 <= row < rows - 1):
            return False
        slack = CORNER * np.ptp(self.heights[row : row + 2, column : column + 2])
        return bool(within(self.value(*(place * self.cell).tolist()), level, slack))

    def _crossing(self, x: float, y: float, level: float) -> tuple[float, float]:
        """The point moved along its edge of the grid to where the level is crossed: worked out once."""
        if (x, y, level) not in self.known:
            self.known[x, y, level] = self._crossed(x, y, level)
        return self.known[x, y, level]

    def _crossed(self, x: float, y: float, level: float) -> tuple[float, float]:
        (width, height), left, bottom = self.cell.tolist(), self.x[0], self.y[0]
        column, row = round((x - left) / width), round((y - bottom) / height)
        on_column = within(x, self.x[column], EDGE * width)
        if on_column == within(y, self.y[row], EDGE * height):
            return x, y  # a corner of the grid
        if on_column:
            row = int(np.searchsorted(self.y, y))
            part = slice(row - 1, row + 1)
            return x, root(
                lambda b: self.value(x, b) - level, self.y[part], self.heights[part, column] - level
            )
        column = int(np.searchsorted(self.x, x))
        part = slice(column - 1, column + 1)
        return root(lambda a: self.value(a, y) - level, self.x[part], self.heights[row, part] - level), y


def _with_middles(values: np.ndarray) -> np.ndarray:
    """The values and, between each two along the first axis, their mean."""
    both = np.empty((2 * len(values) - 1, *values.shape[1:]))
    both[::2] = values
    both[1::2] = (values[:-1] + values[1:]) / 2
    return both


def _near(heights: np.ndarray, levels: Sequence[float]) -> np.ndarray:
    """Which cells a level crosses, or may enter unseen."""
    corners = np.stack([heights[:-1, :-1], heights[1:, :-1], heights[:-1, 1:], heights[1:, 1:]])
    low, high = np.fmin.reduce(corners), np.fmax.reduce(corners)
    near = np.zeros(low.shape, bool)
    for level in levels:
        near |= (low <= level) & (level <= high)
        along, across = _hidden(heights, level), _hidden(heights.T, level).T
        for side in (slice(None, -1), slice(1, None)):
            near |= along[side] | across[:, side]
    return near


def _hidden(heights: np.ndarray, level: float) -> np.ndarray:
    """Which edges along a row have both ends on one side of the level, and a kink between on the other.

    As it is where the slopes before and after the edge, gone on with, say so.
    """
    before, begin, end, after = heights[:, :-3], heights[:, 1:-2], heights[:, 2:-1], heights[:, 3:]
    falls, rises = begin - before, after - end
    with np.errstate(all="ignore"):
        place = (end - begin - rises) / (falls - rises)
        kink = begin + place * falls
        kink += BEYOND * (kink - (begin + end) / 2)
        within_edge = (place > 0) & (place < 1)
        hidden = within_edge & ((begin > level) == (end > level)) & ((begin > level) != (kink > level))
    return np.pad(hidden, ((0, 0), (1, 1)))


def root(f: Callable[[float], float], ends: np.ndarray, heights: np.ndarray) -> float:
    """Where f is zero between two ends at which it has these heights, of opposite signs."""
    (a, b), (at_a, at_b) = ends.tolist(), heights.tolist()
    place, near = a, NEAR * (b - a)
    for call in range(CALLS):
        before, place = place, (a * at_b - b * at_a) / (at_b - at_a)
        if call and within(place, before, near):
            break
        if call % 3 == 2:
            place = (a + b) / 2
        height = float(f(place))
        if abs(height) < 1e-9 or height != height:
            break
        # The end that stays counts half from now on (Illinois), or a kink would keep it for ever.
        if (height < 0) == (at_b < 0):
            b, at_b, at_a = place, height, at_a / 2
        else:
            a, at_a, at_b = place, height, at_b / 2
    return place


def with_corners(line: np.ndarray, fits: Callable[[np.ndarray], bool]) -> np.ndarray:
    """The line, in units of cells, with a point more where its pieces beside a short one meet at an angle.

    Unless the point does not fit, as one too far out: then the farthest that does on the way there.
    """
    apart = np.append(True, np.abs(np.diff(line, axis=0)).max(axis=1) > TOUCHING)
    line = line[apart]
    count, closed = len(line), bool(within(line[0], line[-1], EDGE).all())
    ring = count - 1 if closed else count
    points = [line[0]]
    for i in range(1, count):
        if closed or 2 <= i < count - 1:
            middle = (line[i - 1] + line[i % ring]) / 2
            for corner in _corner(line[(i - 2) % ring], line[i - 1], line[i % ring], line[(i + 1) % ring]):
                tried = (middle + share * (corner - middle) for share in (1.0, 0.75, 0.5, 0.25))
                points += list(islice(filter(fits, tried), 1))
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
