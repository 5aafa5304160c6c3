"""A legend that covers no line. Matplotlib's own "best" place may still lie on one."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

FONT = 9
ROW, CHARACTER, HANDLE, PADDING = 0.2, 0.075, 0.5, 0.2  # inches, at this font size
PLACES = {
    "upper right": (1.0, 1.0),
    "upper left": (0.0, 1.0),
    "lower left": (0.0, 0.0),
    "lower right": (1.0, 0.0),
    "center right": (1.0, 0.5),
    "center left": (0.0, 0.5),
    "upper center": (0.5, 1.0),
    "lower center": (0.5, 0.0),
}


def add_legend(ax: Axes, make_room: bool = False) -> None:
    """A legend where no line is; if no place is free, with `make_room`, in a row above all lines."""
    _, labels = ax.get_legend_handles_labels()
    column = HANDLE + CHARACTER * max(map(len, labels))
    width, height = ax.get_position().size * ax.figure.get_size_inches()
    points = np.concatenate([_points(line) for line in ax.lines])
    box = np.array([(column + PADDING) / width, (ROW * len(labels) + PADDING) / height])
    covered = {name: _inside(points, np.array(place), box) for name, place in PLACES.items()}
    best = min(covered, key=covered.get)
    columns = 1
    if covered[best] and make_room:
        best, columns = "upper left", max(1, int((width - PADDING) / column))
        rows = -(-len(labels) // columns)
        _stretch(ax, (ROW * rows + PADDING) / height)
    ax.legend(loc=best, ncols=columns, fontsize=FONT, framealpha=0.85)


def _points(line: Line2D) -> np.ndarray:
    """Places on the line, close together, in units of the axes: shape (n, 2)."""
    ax = line.axes
    corners = ax.transAxes.inverted().transform(line.get_transform().transform(line.get_xydata()))
    fine = np.linspace(0, len(corners) - 1, max(400, len(corners)))
    return np.stack([np.interp(fine, np.arange(len(corners)), xy) for xy in corners.T], axis=1)


def _inside(points: np.ndarray, place: np.ndarray, box: np.ndarray) -> int:
    low = place * (1 - box)
    return int(np.all((points >= low) & (points <= low + box), axis=1).sum())


def _stretch(ax: Axes, share: float) -> None:
    """Leaves the share of the height above the lines empty."""
    scale = ax.yaxis.get_transform()
    low, high = scale.transform(np.array(ax.get_ylim()))
    ends = np.array([low, low + (high - low) / (1 - share)])
    ax.set_ylim(*scale.inverted().transform(ends))
