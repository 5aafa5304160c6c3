"""Figures of geometry: a surface, the way down across contours, bars, levels of a plane."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke

from descentlab.figures.figure_layout import FONT, against, canvas, show, wrapped
from descentlab.figures.plots import contours
from descentlab.figures.style import OTHERS, looks
from descentlab.objectives import Objective
from descentlab.sentences import say

GRID, FINE = 41, 200
COLUMNS, ROWS = 125, 80
"""Points of a map's grid."""
SHADE = "#0072B2"
HALO = withStroke(linewidth=4, foreground="white")
"""Separates a word from the surface behind it."""
ARROW = 0.16
"""Length of an arrow, in widths of the picture."""
SQUARE = 0.03
"""Side of the sign for a right angle, in widths of the picture."""


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
        say("{label} ends at f = {f:.3g}", label=label, f=float(objective.value(path[-1])))
        for label, path in paths.items()
    )
    words = "{title}. The surface {objective} from above at a slant: {ends}."
    show(fig, say(words, title=title, objective=objective.name, ends=ends))


def _mark_places(ax: Axes, objective: Objective, starts: Sequence[np.ndarray]) -> None:
    """A ring at each start and, if the objective has one, a cross at its saddle point, with their names."""
    places = [(start, say("start"), "o") for start in np.unique(starts, axis=0)] if len(starts) else []
    if objective.saddle_point is not None:
        places.append((objective.saddle_point, say("saddle point"), "P"))
    for (x, y), label, marker in places:
        height = float(objective.value(np.array([x, y])))
        look = {"color": "black", "markerfacecolor": "white", "markersize": 9, "linestyle": "", "zorder": 6}
        ax.plot([x], [y], [height], marker=marker, **look)
        ax.text(x, y, height + 0.8, label, ha="center", fontsize=FONT, zorder=7, path_effects=[HALO])


def downhill(
    objective: Objective,
    gradient: Callable[[np.ndarray], np.ndarray],
    points: Sequence[Sequence[float]],
    *,
    title: str,
    way_home: bool = False,
) -> None:
    """An arrow along −gradient at each point, the sign of a right angle where it leaves the contour.

    With `way_home` the first point also has a dashed line to the minimum and the angle between the two.
    Both axes have one scale: else right angles would not look so. `gradient` takes and gives shape (2,).
    """
    left, right, bottom, top = objective.extent
    wide, high = right - left, top - bottom
    width = 6.4 if wide > high else 4.4
    fig, ax = canvas(xlabel="x", ylabel="y", title=title, size=(width, 1.1 + (width - 0.9) * high / wide))
    contours(ax, objective)
    ax.set_aspect("equal")
    x, y = np.meshgrid(np.linspace(left, right, FINE), np.linspace(bottom, top, FINE))
    heights = objective.value(np.array([x, y]))
    for point in np.asarray(points, float):
        ax.contour(x, y, heights, levels=[float(objective.value(point))], colors="#0072B2", linewidths=1.4)
        _arrow_down(ax, point, np.asarray(gradient(point), float), wide)
    if way_home:
        first = np.asarray(points[0], float)
        _angle_home(
            ax, first, -np.asarray(gradient(first), float), objective.minimum[:2] - first, 0.6 * ARROW * wide
        )
    where = "; ".join(f"({x:g}, {y:g})" for x, y in np.asarray(points, float))
    words = (
        "{title}. Arrows against the gradient over the contours of {objective}, at {where}: each leaves its "
        "contour at a right angle."
    )
    show(fig, say(words, title=title, objective=objective.name, where=where))


def _arrow_down(ax: Axes, point: np.ndarray, slope: np.ndarray, wide: float) -> None:
    length = float(np.hypot(*slope))
    if length > 0:
        way = -slope / length
        along, side = np.array([-way[1], way[0]]), SQUARE * wide
        arrow = {"arrowstyle": "-|>", "color": "#D55E00", "lw": 1.8}
        ax.annotate("", point + ARROW * wide * way, point, arrowprops=arrow)
        sign = [point + side * along, point + side * (along + way), point + side * way]
        ax.plot(*np.transpose(sign), color="#000000", linewidth=1.0)
    ax.plot(*point, "o", color="#D55E00", markersize=5)


def _angle_home(ax: Axes, point: np.ndarray, down: np.ndarray, home: np.ndarray, radius: float) -> None:
    ax.plot(*np.transpose([point, point + home]), linestyle="--", color="#555555", linewidth=1.4)
    first, turn = np.angle(complex(*down)), np.angle(complex(*home) * complex(*down).conjugate())
    arc = first + np.linspace(0, turn, 40)
    ax.plot(*(point[:, None] + radius * np.array([np.cos(arc), np.sin(arc)])), color="#000000", linewidth=1.0)
    middle = first + turn / 2
    place = point + 1.35 * radius * np.array([np.cos(middle), np.sin(middle)])
    degrees = f"{abs(np.degrees(turn)):.0f}°"
    ax.text(*place, degrees, ha="center", va="center", fontsize=FONT, path_effects=[HALO])


def bars(heights: Mapping[str, np.ndarray], *, xlabel: str, ylabel: str, title: str) -> None:
    """Bars side by side for each place from 1 on: weights before and after a correction, for instance."""
    fig, ax = canvas(xlabel=xlabel, ylabel=ylabel, title=title)
    width = 0.8 / len(heights)
    said = []
    patterns = ("", "///", "...", "xxx")
    for i, (label, values) in enumerate(heights.items()):
        values = np.asarray(values, float)
        places = np.arange(1, len(values) + 1) + (i - (len(heights) - 1) / 2) * width
        paint = {"facecolor": "white" if patterns[i % 4] else OTHERS[i % 6], "edgecolor": OTHERS[i % 6]}
        ax.bar(places, values, width, label=label, hatch=patterns[i % 4], **paint)
        words = "{label} from {first:.3g} to {last:.3g}, together {sum:.3g}"
        said.append(say(words, label=label, first=values[0], last=values[-1], sum=values.sum()))
    low, high = ax.get_ylim()
    ax.set_ylim(low, high + 0.22 * (high - low))
    ax.legend(loc="upper left", ncols=2, fontsize=FONT, framealpha=0.85)
    show(fig, against(title, ylabel, xlabel, said))


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
    words = "{title}. Regions of {xlabel} and {ylabel} below {levels}."
    said = [say(words, title=title, xlabel=xlabel, ylabel=ylabel, levels=listed)]
    for label, (a, b) in marks.items():
        said.append(say("{label} at ({x:.3g}, {y:.3g}).", label=label, x=a, y=b))
    show(fig, " ".join(said))
