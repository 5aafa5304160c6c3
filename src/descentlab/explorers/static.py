"""The same picture without Python: a PNG, and the HTML around it."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure

from descentlab.explorers.picture import (
    GREY,
    HEIGHT,
    WIDTH,
    Area,
    Arrow,
    Curve,
    Dots,
    Handle,
    Mark,
    Panel,
    Track,
    Window,
    Words,
)
from descentlab.figures.figure_layout import PIXELS_PER_INCH, dress
from descentlab.figures.page import DENSITY, embedded
from descentlab.figures.png import as_png

SIZE = (3.9, 3.1)
NAME_INCHES = 1.1
"""Inches at the right of the last panel, for names that are printed beside it."""
# Unseen at first, so that a new explorer does not jump. Where JupyterLab says only that a widget's model was
# not found, it is said what to do, to a screen reader too.
PAGE = """<style>
@keyframes explorer-late {{ from {{ max-height: 0; opacity: 0 }} }}
.jp-OutputArea-child:has(+ * [data-explorer="{id}"]) > .jupyter-widgets:not(:has(*)) {{
  visibility: hidden; font-size: 0 }}
.jp-OutputArea-child:has(+ * [data-explorer="{id}"]) > .jupyter-widgets:not(:has(*))::after {{
  visibility: visible; font-size: 14px;
  content: "To move this picture, run its cell again." }}
</style>
<div data-explorer="{id}" style="overflow: hidden; animation: explorer-late 1.5s step-end">
{picture}
<p aria-hidden="true">{numbers}</p></div>"""


def png(panels: Sequence[Panel], marks: Sequence[Sequence[Mark]]) -> bytes:
    """The panels side by side."""
    count = len(panels)
    wide = sum(panel.width for panel in panels) / WIDTH
    more = NAME_INCHES if panels[-1].printed else 0.0
    fig = Figure(figsize=(SIZE[0] * wide + more, SIZE[1]))
    share = SIZE[0] * wide / (SIZE[0] * wide + more)
    axes = fig.subplots(1, count, squeeze=False)[0]
    # Fixed margins: matplotlib's own layout draws everything twice.
    fig.subplots_adjust(0.2 * share / wide, 0.16, share * (1 - 0.05 / wide), 0.9, wspace=0.3)
    for panel, ax, moving in zip(panels, axes, marks, strict=True):
        dress(ax, panel.x.label, panel.y.label, panel.title, SIZE[0])
        ax.set(xlim=(panel.x.low, panel.x.high), xscale="log" if panel.x.log else "linear")
        ax.set(ylim=(panel.y.low, panel.y.high), yscale="log" if panel.y.log else "linear")
        # The browser's own ticks: matplotlib would set powers of ten as mathematics, a third of the cost.
        ax.set_xticks([value for value, _ in panel.x.ticks], [text for _, text in panel.x.ticks])
        ax.set_yticks([value for value, _ in panel.y.ticks], [text for _, text in panel.y.ticks])
        ax.minorticks_off()
        ax.set_box_aspect(HEIGHT / panel.width)  # as in the browser: a circle is a circle
        _draw_plain(ax, panel, [mark for mark in panel.still if _is_plain(mark)])
        still = (mark for mark in panel.still if not _is_plain(mark))
        for mark in (*still, *moving):
            _draw(ax, panel, mark)
        _draw_names(ax, panel)
    return as_png(fig, DENSITY * PIXELS_PER_INCH)


def page(image: bytes, alt: str, explorer: str, numbers: str) -> str:
    """The PNG as HTML, marked with the id of the explorer that may take its place.

    Below it its numbers, for a front end that knows no widgets: where the controls stand and what came of it.
    Screen readers have them in `alt`.
    """
    width = int.from_bytes(image[16:20], "big") // DENSITY  # where every PNG says it
    return PAGE.format(id=explorer, picture=embedded(image, alt, width), numbers=escape(numbers))


def _is_plain(mark: Mark) -> bool:
    return isinstance(mark, Curve) and not mark.look.dash and not mark.look.marker


def _draw_names(ax: Axes, panel: Panel) -> None:
    """The printed marks, also where they lie outside the axes."""
    inside = set(ax.get_children())
    for mark in panel.printed:
        _draw(ax, panel, mark)
    for artist in set(ax.get_children()) - inside:
        artist.set_clip_on(False)


def _draw_plain(ax: Axes, panel: Panel, lines: Sequence[Curve]) -> None:
    """Level lines, all at once: one by one they cost ten times as much."""
    points = [np.transpose(_near(panel, line.x, line.y)) for line in lines]
    colors, widths = [line.look.color for line in lines], [line.look.width for line in lines]
    ax.add_collection(LineCollection(points, colors=colors, linewidths=widths, zorder=1), autolim=False)


def _draw(ax: Axes, panel: Panel, mark: Mark) -> None:
    match mark:
        case Curve(x, y, look) | Track(x, y, look):
            dash = (0, [length / look.width for length in look.dash]) if look.dash else "-"
            every = max(1, len(np.atleast_1d(x)) // 12)
            marked = {"marker": look.marker or None, "markersize": 4, "markevery": every}
            drawn = {"color": look.color, "linestyle": dash, "linewidth": look.width, "alpha": look.opacity}
            ax.plot(*_near(panel, x, y), **drawn, **marked)
        case Dots(x, y, color, marker, size, is_open):
            face = "none" if is_open else color
            drawn = {"markersize": 1.5 * size, "markerfacecolor": face, "markeredgecolor": color}
            inside = panel.x.holds(x) & panel.y.holds(y)
            places = (np.asarray(values, float)[inside] for values in (x, y))
            ax.plot(*places, linestyle="", marker=marker, clip_on=False, **drawn)
        case Area(x, y, color, opacity):
            ax.fill(*_near(panel, x, y), color=color, alpha=opacity, linewidth=0)
        case Handle(x, y, color):
            ax.plot(x, y, marker="o", markersize=9, color=color, clip_on=False)
        case Arrow(start, end, color, label):
            x, y = _near(panel, [start[0], end[0]], [start[1], end[1]])
            arrow = {"arrowstyle": "->", "color": color, "linewidth": 1.6}
            ax.annotate("", (x[1], y[1]), (x[0], y[0]), arrowprops=arrow, annotation_clip=False)
            if label:
                ax.annotate(label, (x[1], y[1]), **_beyond(x, y), color=color, fontsize=8)
        case Words(x, y, text, color, anchor, boxed):
            align = {"start": "left", "middle": "center", "end": "right"}[anchor]
            paper = {"facecolor": "white", "edgecolor": "none", "pad": 1} if boxed else None
            ax.text(x, y, text, color=color, ha=align, fontsize=8, clip_on=True, bbox=paper)
        case Window():
            _draw_window(ax, panel, mark)


def _beyond(x: np.ndarray, y: np.ndarray) -> dict:
    """Where a label stands that goes on with an arrow: annotate's keywords."""
    signs = int(np.sign(x[1] - x[0])), int(np.sign(y[1] - y[0]))
    across, along = ("right", "center", "left")[signs[0] + 1], ("top", "center", "bottom")[signs[1] + 1]
    offset = {"xytext": (4 * signs[0], 4 * signs[1]), "textcoords": "offset points"}
    return {"ha": across, "va": along, "annotation_clip": False, **offset}


def _draw_window(ax: Axes, panel: Panel, window: Window) -> None:
    for mark in window.outline:
        _draw(ax, panel, mark)
    if window.ground:
        near = ax.inset_axes(window.place, zorder=6, xticks=[], yticks=[])
        near.set(xlim=(window.x.low, window.x.high), ylim=(window.y.low, window.y.high))
        near.spines[:].set_edgecolor(GREY)
    else:
        near = ax.child_axes[-1]  # lies on the window before it; axes are slow to make
    for mark in window.marks:
        _draw(near, window, mark)


def _near(panel: Panel, x, y) -> tuple[np.ndarray, np.ndarray]:
    """The points, none so far outside that matplotlib could not draw it."""
    return tuple(
        np.array([axis.value(place) for place in np.atleast_1d(axis.place(values))])
        for axis, values in ((panel.x, x), (panel.y, y))
    )
