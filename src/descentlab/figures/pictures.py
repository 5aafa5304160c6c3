"""Paths over contours, losses, curves."""

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from descentlab.figures.figure_layout import FONT, add_legend, against, canvas, dress, show, wrapped
from descentlab.figures.style import looks
from descentlab.objectives import Objective
from descentlab.sentences import say, template

MARKERS = 15
GRID = 90
LEVELS = 14
CROWD = 4  # with more lines than these the legend is beside them


def contours(ax: Axes, objective: Objective) -> None:
    """The level lines of the objective's first two coordinates, closer together near the minimum."""
    x, y, heights, levels = levels_of(objective)
    ax.contour(x, y, heights, levels=levels, colors="#b0b0b0", linewidths=0.7, linestyles="solid")
    ax.plot(*objective.minimum[:2], marker="+", markersize=12, color="#555555", zorder=3)
    ax.set(xlim=x[[0, -1]], ylim=y[[0, -1]])


def levels_of(objective: Objective) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """x and y of a grid, the heights on it (shape (len(y), len(x))) and the levels of its contours."""
    left, right, bottom, top = objective.extent
    x, y = np.linspace(left, right, GRID), np.linspace(bottom, top, GRID)
    heights = objective.value(np.array(np.meshgrid(x, y)))
    levels = heights.min() + np.ptp(heights) * np.linspace(0.1, 1.0, LEVELS) ** 3
    return x, y, heights, levels


def trajectories(
    objective: Objective,
    paths: Mapping[str, np.ndarray],
    *,
    title: str,
    alt: str | None = None,
    panels: bool = False,
) -> None:
    """Paths (arrays of shape (steps + 1, d)) over the contours: all in one picture, or in a panel each.

    The start is a ring, the end a filled marker; a path that leaves the picture is cut at its edge.
    """
    labels = list(paths)
    columns = min(len(labels), 2 if len(labels) <= 4 else 3) if panels else 1
    rows = -(-len(labels) // columns) if panels else 1
    size = (7.2, 2.7 * rows + 0.4) if panels else (6.4, 3.6)
    fig = Figure(figsize=size, layout="constrained")
    axes = list(fig.subplots(rows, columns, squeeze=False).flat)
    for spare in axes[len(labels) if panels else 1 :]:
        spare.remove()
    for place, (label, look) in enumerate(zip(labels, looks(labels), strict=True)):
        ax = axes[place if panels else 0]
        if panels or place == 0:
            contours(ax, objective)
            dress(ax, "x", "y", label if panels else title, size[0])
        _draw_path(ax, paths[label], label, look, objective.extent)
    if panels:
        fig.suptitle(wrapped(title, size[0]), x=0.01, ha="left", fontsize=11)
    else:
        add_legend(axes[0])
    ends = "; ".join(_path_in_words(label, path) for label, path in paths.items())
    words = template("{title}. Paths over the contours of {objective}: {ends}.")
    show(fig, alt or say(words, title=title, objective=objective.name, ends=ends))


def _draw_path(ax: Axes, path: np.ndarray, label: str, look: dict, extent: tuple) -> None:
    left, right, bottom, top = extent
    reach = 3 * max(right - left, top - bottom)  # far outside, yet small enough to be drawn
    path = np.nan_to_num(np.clip(path[:, :2], -reach, reach), nan=reach)
    every = max(1, len(path) // MARKERS) // 2 * 2 + 1  # odd: a path that changes sides is marked on both
    ax.plot(*path.T, label=label, linewidth=1.6, markersize=4, markevery=every, **look)
    ax.plot(*path[0], "o", markersize=9, markerfacecolor="none", markeredgecolor=look["color"])
    ax.plot(*path[-1], marker=look["marker"] or "o", markersize=8, color=look["color"])


def _path_in_words(label: str, path: np.ndarray) -> str:
    first, last = ("(" + ", ".join(f"{x:.3g}" for x in point[:2]) + ")" for point in (path[0], path[-1]))
    return say(
        "{label} goes from {first} to {last} in {count} steps",
        label=label,
        first=first,
        last=last,
        count=len(path) - 1,
    )


def loss_curves(
    objective: Objective, paths: Mapping[str, np.ndarray], *, title: str, alt: str | None = None
) -> None:
    """How far above the minimum each path is, step by step, on a logarithmic axis."""
    lowest = float(objective.value(objective.minimum))
    with np.errstate(over="ignore", invalid="ignore"):
        lines = {label: np.asarray(objective.value(path.T)) - lowest for label, path in paths.items()}
    curves(lines, xlabel="step", ylabel="f − minimum", title=title, alt=alt, log="y")


def curves(
    lines: Mapping[str, np.ndarray | tuple[np.ndarray, np.ndarray]],
    *,
    xlabel: str,
    ylabel: str,
    title: str,
    alt: str | None = None,
    log: str = "",
) -> None:
    """Lines of y against their place, or of (x, y) pairs; `log` names logarithmic axes: "x", "y" or "xy"."""
    fig, ax = canvas(xlabel=xlabel, ylabel=ylabel, title=title, log=log)
    said = []
    for (label, line), look in zip(lines.items(), looks(lines), strict=True):
        x, y = line if isinstance(line, tuple) else (np.arange(len(line)), line)
        x, y = np.asarray(x, float), np.asarray(y, float)
        drawn = np.isfinite(y) & (y > 0 if "y" in log else True)
        y = np.where(drawn, y, np.nan)
        marked = _marked(x, "x" in log)
        ax.plot(x, y, label=label, **{"linewidth": 1.6, "markersize": 4, **look}, markevery=marked)
        said.append(_ends_in_words(label, y))
    xs = [np.asarray(line[0], float) for line in lines.values() if isinstance(line, tuple)]
    if "x" not in log and all((x == np.round(x)).all() for x in xs):  # an epoch's number: no tick at 2.5
        ax.xaxis.get_major_locator().set_params(integer=True)
    if len(lines) > CROWD:
        fig.legend(loc="outside right center", fontsize=FONT)
    else:
        add_legend(ax)
    show(fig, alt or against(title, ylabel, xlabel, said))


def _marked(x: np.ndarray, log: bool) -> int | list[int]:
    """Which points get a marker: every n-th, or those that a logarithmic axis spreads evenly."""
    if len(x) < 2 * MARKERS:
        return 1
    if log and x[0] > 0 and (np.diff(x) > 0).all():
        return sorted(set(np.searchsorted(x, np.geomspace(x[0], x[-1] * (1 - 1e-9), MARKERS)).tolist()))
    return max(1, len(x) // MARKERS)


def _ends_in_words(label: str, y: np.ndarray) -> str:
    finite = y[np.isfinite(y)]
    if not finite.size:
        return say("{label} has no finite value", label=label)
    return say("{label} goes from {first:.3g} to {last:.3g}", label=label, first=finite[0], last=finite[-1])
