"""Paths over contours; levels of a plane; curves; training runs, a column each, the other runs gray behind."""

import textwrap
from collections.abc import Callable, Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patheffects import withStroke

from descentlab.figures.style import OTHERS, SOLID, looks
from descentlab.models import Epoch
from descentlab.objectives import Objective
from verdicts.canvas import FONT, add_legend, canvas, dress, make_logarithmic, show, wrapped

MARKERS = 15
GRID = 90
LEVELS = 14
COLUMNS, ROWS = 125, 80
"""Points of a map's grid."""
SHADE = "#0072B2"
HALO = withStroke(linewidth=4, foreground="white")
"""Separates a word from the map behind it."""
CROWD = 4  # with more lines than these the legend is next to them
SIZE = (8.0, 4.4)
LETTERS = 76
"""Number of letters of the runs' names in the width of the figure."""
INK = "#555555"
TRAINING = {"linestyle": SOLID, "linewidth": 1.8}
"""Style of every run: dashes would look like a validation line."""
VALIDATION = {"linestyle": (0, (1, 1.5)), "markerfacecolor": "white", "linewidth": 1.4}
OTHER_RUNS = {"color": "#d4d4d4", "linewidth": 1.0, "zorder": 1.5}
"""Style of the other runs: visible for comparison, but too faint to be mistaken."""
MARKED = 6
"""Markers on a line, about."""
EACH_STEP = 41
"""Points of a path that are all marked."""


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
    panels: bool = False,
    moving: bool = False,
) -> None:
    """Paths (arrays of shape (steps + 1, d)) over the contours: all in one picture, or in a panel each.

    The start is a ring, the end a filled marker; a path that leaves the picture is cut at its edge. With `moving`
    a dot follows each path.
    """
    labels = list(paths)
    count = len(labels) if panels else 1
    columns = min(count, 2 if count <= 4 else 3)
    rows = -(-count // columns)
    left, right, bottom, top = objective.extent
    shape = (top - bottom) / (right - left)  # as on a map: a unit is as long in y as in x
    size = (7.2, rows * (shape * 6.4 / columns + 0.6) + 0.4) if panels else (6.4, min(5.8 * shape + 0.7, 6.4))
    fig = Figure(figsize=size, layout="constrained")
    axes = list(fig.subplots(rows, columns, squeeze=False).flat)
    for spare in axes[count:]:
        spare.remove()
    dots = []
    for place, (label, look) in enumerate(zip(labels, looks(labels), strict=True)):
        ax = axes[place if panels else 0]
        dots += [(ax, paths[label][:, :2], look["color"])] if moving else []
        if panels or place == 0:
            contours(ax, objective)
            ax.set_aspect("equal")
            dress(ax, "x", "y", label if panels else title, size[0])
        _draw_path(ax, paths[label], label, look, objective.extent, 1 / columns**0.5)
    if panels:
        fig.suptitle(wrapped(title, size[0]), x=0.01, ha="left", fontsize=11)
    else:
        add_legend(axes[0])
    ends = "; ".join(_path_in_words(label, path) for label, path in paths.items())
    show(fig, f"{title}. Paths over the contours of {objective.name}: {ends}.", dots)


def _draw_path(ax: Axes, path: np.ndarray, label: str, look: dict, extent: tuple, marks: float) -> None:
    """Draw a path; `marks` scales its markers."""
    left, right, bottom, top = extent
    reach = 3 * max(right - left, top - bottom)  # far outside, yet small enough to be drawn
    path = np.nan_to_num(np.clip(path[:, :2], -reach, reach), nan=reach)
    # Odd: both sides of a zigzag.
    every = 1 if len(path) <= EACH_STEP else max(1, len(path) // MARKERS) // 2 * 2 + 1
    ax.plot(*path.T, label=label, linewidth=1.4, markersize=3.2 * marks, markevery=every, **look)
    ax.plot(*path[0], "o", markersize=9 * marks, markerfacecolor="none", markeredgecolor=look["color"])
    ax.plot(*path[-1], marker=look["marker"] or "o", markersize=8 * marks, color=look["color"])


def _path_in_words(label: str, path: np.ndarray) -> str:
    first, last = ("(" + ", ".join(f"{x:.3g}" for x in point[:2]) + ")" for point in (path[0], path[-1]))
    return f"{label} goes from {first} to {last} in {len(path) - 1} steps"


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


def curves(
    lines: Mapping[str, np.ndarray | tuple[np.ndarray, np.ndarray]],
    *,
    xlabel: str,
    ylabel: str,
    title: str,
    log: str = "",
) -> None:
    """Lines of y against their place, or of (x, y) pairs; `log` names logarithmic axes: "x", "y" or "xy"."""
    fig, ax = canvas(xlabel=xlabel, ylabel=ylabel, title=title, log=log)
    said, whole = [], True
    for (label, line), look in zip(lines.items(), looks(lines), strict=True):
        x, y = line if isinstance(line, tuple) else (np.arange(len(line)), line)
        x, y = np.asarray(x, float), np.asarray(y, float)
        drawn = np.isfinite(y) & (y > 0 if "y" in log else True)
        y = np.where(drawn, y, np.nan)
        # Along a logarithmic axis markers go by distance, in diagonals of the picture.
        every = 0.1 if "x" in log else max(1, len(x) // MARKERS)
        ax.plot(x, y, label=label, **{"linewidth": 1.6, "markersize": 4, **look}, markevery=every)
        said.append(_ends_in_words(label, y))
        whole = whole and (x == np.round(x)).all()
    if "x" not in log and whole:  # an epoch's number: no tick at 2.5
        ax.xaxis.get_major_locator().set_params(integer=True)
    if len(lines) > CROWD:
        fig.legend(loc="outside right center", fontsize=FONT)
    else:
        add_legend(ax)
    show(fig, f"{title}. {ylabel} against {xlabel}: {'; '.join(said)}.")


def _ends_in_words(label: str, y: np.ndarray) -> str:
    finite = y[np.isfinite(y)]
    if not finite.size:
        return f"{label} has no finite value"
    return f"{label} goes from {finite[0]:.3g} to {finite[-1]:.3g}"


def training_curves(runs: Mapping[str, Sequence[Epoch]], *, title: str) -> None:
    """Loss and accuracy of each run, on the training rows and, dotted and hollow, on the validation rows.

    A run has a column of its own, so that it can be followed where all of them cross; gray behind it are the
    other runs on the training rows. The axes of a row are the same.

    Args:
        runs: label → the result of `train`; a label that begins with a rule's name gets that rule's color.
            A run that diverged at once has no epoch, and is only named.
        title: the result, with the measured number in it.
    """
    fig = Figure(figsize=SIZE, layout="constrained")
    rows = fig.subplots(2, len(runs), sharex=True, sharey="row", squeeze=False)
    for row, said, (train, valid) in zip(
        rows, ("loss", "accuracy"), (("loss", "valid_loss"), ("train", "valid")), strict=True
    ):
        for ax, label, look in zip(row, runs, looks(runs), strict=True):
            dress(ax, "", said if ax is row[0] else "", "", SIZE[0])
            for other, epochs in runs.items():
                if other != label:
                    _plot(ax, epochs, train, OTHER_RUNS)
            _draw(ax, runs[label], look, train, valid)
    for ax, label in zip(rows[0], runs, strict=True):
        width, together = max(8, round(LETTERS / len(runs))), label.replace(" = ", "\xa0=\xa0")
        text = together if max(map(len, together.split(" "))) <= width else label
        ax.set_title(textwrap.fill(text, width).replace("\xa0", " "), loc="left", fontsize=FONT)
    make_logarithmic(rows[0][0], "y")
    for ax in rows[1]:
        ax.set_xlabel("epoch")
    rows[1][0].xaxis.get_major_locator().set_params(integer=True, nbins=4)
    fig.suptitle(wrapped(title, SIZE[0]), x=0.01, ha="left", fontsize=11)
    fig.legend(handles=_legend(len(runs)), loc="outside lower center", ncols=3, fontsize=FONT)
    show(fig, " ".join([title.rstrip(".") + ".", *(_run_in_words(*run) for run in runs.items())]))


def _draw(ax: Axes, epochs: Sequence[Epoch], look: dict, train: str, valid: str) -> None:
    if not epochs:
        ax.text(0.5, 0.5, "diverged", transform=ax.transAxes, ha="center", color=INK, fontsize=FONT)
        return
    line = {"markersize": 4, "markevery": max(1, len(epochs) // MARKED), **look}
    _plot(ax, epochs, train, line | TRAINING)
    _plot(ax, epochs, valid, line | VALIDATION)


def _plot(ax: Axes, epochs: Sequence[Epoch], name: str, look: dict) -> None:
    ax.plot([epoch.number for epoch in epochs], [getattr(epoch, name) for epoch in epochs], **look)


def _legend(count: int) -> list[Line2D]:
    """The legend of solid, dotted and, with more than one run, gray lines."""
    dot = {"color": INK, "marker": "o", "markersize": 4.5}
    lines = [
        Line2D([], [], label="training", **dot, **TRAINING),
        Line2D([], [], label="validation (dotted, hollow)", **dot, **VALIDATION),
    ]
    others = Line2D([], [], label="the other runs, training", **OTHER_RUNS)
    return [*lines, others] if count > 1 else lines


def _run_in_words(label: str, epochs: Sequence[Epoch]) -> str:
    if not epochs:
        return f"{label} diverged in the first epoch."
    return (
        "{label}: loss {last.loss:.3g} in training and {last.valid_loss:.3g} in validation after {last.number} "
        "epochs, accuracy {last.train:.1%} and {last.valid:.1%}."
    ).format(label=label, last=epochs[-1])
