"""Figures of geometry: a surface, levels of a plane."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke

from descentlab.figures.style import OTHERS, looks
from descentlab.objectives import Objective
from verdicts.canvas import FONT, canvas, show, wrapped

GRID = 41
COLUMNS, ROWS = 125, 80
"""Points of a map's grid."""
SHADE = "#0072B2"
HALO = withStroke(linewidth=4, foreground="white")
"""Separates a word from the surface behind it."""


def surface(objective: Objective, paths: Mapping[str, np.ndarray], *, title: str) -> None:
    """A still view in space: the objective's surface, and paths (arrays of shape (steps + 1, 2)) on it."""
    left, right, bottom, top = objective.extent
    x, y = np.meshgrid(np.linspace(left, right, GRID), np.linspace(bottom, top, GRID))
    fig = Figure(figsize=(6.4, 4.4))
    ax = fig.add_axes((0.02, 0.02, 0.96, 0.9), projection="3d", computed_zorder=False)
    ax.set_box_aspect((1, 1, 0.6), zoom=0.9)
    ax.plot_surface(
        x, y, objective.value(np.array([x, y])), cmap="Grays", alpha=0.55, linewidth=0.2, edgecolor="#999999",
        rstride=2, cstride=2,
    )  # fmt: skip
    for (label, path), look in zip(paths.items(), looks(paths), strict=True):
        least, most = (left, bottom), (right, top)
        inside = path[np.all((path >= least) & (path <= most), axis=1)]
        line = {"linewidth": 2, "markersize": 5, "markevery": max(1, len(inside) // 10), "zorder": 5, **look}
        height = objective.value(inside.T)
        # Below the line, not around its dashes and markers: gaps stay white there.
        ax.plot(*inside.T, height, color="white", linewidth=5, zorder=4)
        ax.plot(*inside.T, height, label=label, **line)
    _mark_places(ax, objective, [path[0] for path in paths.values()])
    ax.set(xlabel="x", ylabel="y", zlabel="f")
    ax.locator_params(nbins=4)
    ax.view_init(elev=40, azim=70)  # the start in front, the way down not hidden by a wall
    fig.suptitle(wrapped(title, 6.4), x=0.02, ha="left", fontsize=11)
    if paths:
        fig.legend(loc="upper right", fontsize=FONT, bbox_to_anchor=(0.99, 0.9))
    ends = "; ".join(
        f"{label} ends at f = {float(objective.value(path[-1])):.3g}" for label, path in paths.items()
    )
    show(fig, f"{title}. The surface {objective.name} from above at a slant: {ends}.")


def _mark_places(ax: Axes, objective: Objective, starts: Sequence[np.ndarray]) -> None:
    """A ring at each start and, if the objective has one, a cross at its saddle point, with their names."""
    places = [(start, "start", "o") for start in np.unique(starts, axis=0)] if len(starts) else []
    if objective.saddle_point is not None:
        places.append((objective.saddle_point, "saddle point", "P"))
    for (x, y), label, marker in places:
        height = float(objective.value(np.array([x, y])))
        look = {"color": "black", "markerfacecolor": "white", "markersize": 9, "linestyle": "", "zorder": 6}
        ax.plot([x], [y], [height], marker=marker, **look)
        ax.text(x, y, height + 0.8, label, ha="center", fontsize=FONT, zorder=7, path_effects=[HALO])


def level_map(
    value: Callable[[float, float], float],
    x: tuple[float, float],
    y: tuple[float, float],
    *,
    levels: Sequence[float],
    marks: Mapping[str, tuple[float, float]],
    xlabel: str,
    ylabel: str,
    title: str,
) -> None:
    """The regions of the plane below each level, the lower the darker, and marked points.

    `value(x, y)` is called 10 000 times. The highest of `levels` is bold.
    """
    fig, ax = canvas(xlabel=xlabel, ylabel=ylabel, title=title)
    columns, rows, ordered = np.linspace(*x, COLUMNS), np.linspace(*y, ROWS), sorted(levels)
    heights = np.array([[value(a, b) for a in columns] for b in rows], float)
    colors = [(SHADE, 0.13 * count) for count in range(len(ordered), 0, -1)]
    ax.contourf(columns, rows, heights, levels=[min(heights.min(), ordered[0]) - 1, *ordered], colors=colors)
    bold = [level == ordered[-1] for level in ordered]
    lines = ax.contour(
        columns, rows, heights, levels=ordered, colors=["#000000" if b else "#555555" for b in bold],
        linewidths=[1.8 if b else 0.9 for b in bold],
    )  # fmt: skip
    for words in ax.clabel(lines, ordered, fmt=lambda level: f"< {level:g}", fontsize=FONT, colors="#000000"):
        words.set_path_effects([HALO])
    for (label, (a, b)), color in zip(marks.items(), OTHERS[1:], strict=False):
        ax.plot(a, b, marker="*", markersize=11, color=color, linestyle="")
        beside = {"xytext": (7, -3), "textcoords": "offset points", "fontsize": FONT}
        ax.annotate(label, (a, b), path_effects=[HALO], **beside)
    ax.set(xlim=x, ylim=y)
    listed = ", ".join(f"{level:g}" for level in ordered)
    said = [f"{title}. Regions of {xlabel} and {ylabel} below {listed}."]
    for label, (a, b) in marks.items():
        said.append(f"{label} at ({a:.3g}, {b:.3g}).")
    show(fig, " ".join(said))
