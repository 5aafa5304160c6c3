"""A step of a path seen from nearer: where it is small in its picture, a window shows what it is made of."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from descentlab.agreement import within
from descentlab.explorers.picture import Arrow, Axis, Curve, Dots, Mark, Panel, Window

WIDTH, HEIGHT = 0.46, 0.44
"""Of the window, in panels."""
FILLS = 0.6
"""How much of the window the step takes."""
LEAST = 1.8
"""How much nearer the window must be seen than the panel: else there is none."""
GAP = 0.015
"""From the window to the panel's ends, in panels."""


def step_window(panel: Panel, step: Sequence[Mark], path: np.ndarray) -> Window | None:
    """The window on the marks of a step, in the corner of the panel where the path has fewest points.

    None where the step is large enough to be read in the panel. `path`: shape (points, 2).
    """
    points = np.concatenate([_points(mark) for mark in step])
    ends = np.array([[panel.x.low, panel.y.low], [panel.x.high, panel.y.high]])
    size = ends[1] - ends[0]
    share = float((np.ptp(points, axis=0) / size / (WIDTH, HEIGHT)).max()) / FILLS
    if not np.isfinite(points).all() or not 0 < share < 1 / LEAST:
        return None
    middle = (points.min(axis=0) + points.max(axis=0)) / 2
    reach = share * size * (WIDTH, HEIGHT) / 2
    x, y = (Axis("", float(m - r), float(m + r)) for m, r in zip(middle, reach, strict=True))
    frame = _emptiest((np.concatenate([path, points]) - ends[0]) / size)
    if frame is None:
        return None
    below = [near for mark in panel.still if isinstance(mark, Curve) for near in _inside(mark, x, y)]
    return Window(x, y, frame, [*below, *step])


def _points(mark: Mark) -> np.ndarray:
    if isinstance(mark, Arrow):
        return np.array([mark.start, mark.end], float)
    if isinstance(mark, Dots):
        return np.stack([np.asarray(mark.x, float), np.asarray(mark.y, float)], axis=1)
    return np.empty((0, 2))


def _emptiest(points: np.ndarray) -> tuple[float, float, float, float] | None:
    """The corner of the panel with the fewest of these points, in panels; None where all are full."""
    corners = [
        (left, bottom, WIDTH, HEIGHT) for bottom in (1 - GAP - HEIGHT, GAP) for left in (1 - GAP - WIDTH, GAP)
    ]
    covered = [
        int(((points >= (left, bottom)) & (points <= (left + WIDTH, bottom + HEIGHT))).all(axis=1).sum())
        for left, bottom, _, _ in corners
    ]
    best = int(np.argmin(covered))
    return corners[best] if covered[best] < len(points) / 2 else None


def _inside(curve: Curve, x: Axis, y: Axis) -> list[Curve]:
    """What of a line is in the window: one piece from its first point there to its last."""
    places = np.stack([x.place(curve.x), y.place(curve.y)])
    near = np.flatnonzero(within(places, 0.5, 1.5).all(axis=0))
    if not len(near):
        return []
    part = slice(max(0, near[0] - 1), near[-1] + 2)
    return [Curve(np.asarray(curve.x)[part], np.asarray(curve.y)[part], curve.look)]
