"""The picture of an explorer: panels with axes, and drawables on them.

Why a renderer of our own: with matplotlib drawing in the kernel a key press takes 33 to 126 ms to the new
pixels at the median (33 with blitting, the picture sent whole; 126 with a new figure each time); drawables sent
as paths and drawn by the browser take 28 to 31 ms, with a fifth of blitting's time in the kernel (two cores,
JupyterLab 4.6; `benchmarks/explorers.py` measures them). They are also sharp at every zoom, can
be dragged.

Marks hold data coordinates. `Panel.parts` turns them into paths and texts in the panel's own pixels, which
is all that the browser knows of; `svg` makes a still picture of the same parts, for readers without a kernel.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from html import escape
from math import isnan
from typing import Any

import contourpy
import numpy as np
from matplotlib.markers import MarkerStyle
from matplotlib.ticker import LogLocator, MaxNLocator

from descentlab.figures.plots import levels_of
from descentlab.figures.style import SOLID, Marker, looks
from descentlab.objectives import Objective
from verdicts.canvas import power_of_ten

INK, GRAY = "#000000", "#777777"
"""Color names, mapped by the browser to the theme's colors."""
GOAL_COLOR = "#009E73"
"""The color of a goal."""
PAPER = "#ffffff"
MARKERS = 12
LEGEND_LEFT = 0.05
"""The left end of legends, in panels: far left, so that narrow pages do not cut their words."""
LEGEND_ROW = 0.07
"""Height of one line of a legend, in panels."""
WIDTH, HEIGHT = 300, 240
LEFT, RIGHT, TOP, BOTTOM = 52, 14, 24, 36
ROUNDING = 1e-9
OUTSIDE = 3.0
"""How far a drawable may reach beyond its panel, in panels: enough to leave it, small enough to draw."""
SQUARE = np.array([[-1, 1, 1, -1, -1], [-1, -1, 1, 1, -1]])


Drawn = dict[str, Any]
"""A path or a text as the browser paints it, see `paint` in widget.js; keys are letters."""


@dataclass(frozen=True)
class Axis:
    """One axis of a panel: from `low` to `high`, logarithmic if `log`."""

    label: str
    low: float
    high: float
    log: bool = False
    whole: bool = False
    """Whether only whole numbers are labeled."""

    def place(self, values: Any) -> np.ndarray:
        """The positions of values, 0 at the low end and 1 at the high end; NaN if undefined."""
        values = np.asarray(values, float)
        with np.errstate(all="ignore"):
            if self.log:
                places = np.log(values / self.low) / np.log(self.high / self.low)
            else:
                places = (values - self.low) / (self.high - self.low)
        return np.clip(places, -OUTSIDE, OUTSIDE)

    def holds(self, values: Any) -> np.ndarray:
        """Whether each value lies on the axis, ends included."""
        place = self.place(values)
        return (place >= -ROUNDING) & (place <= 1 + ROUNDING)

    def value(self, place: Any) -> Any:
        """The value at a position between 0 and 1, or the values at positions."""
        if self.log:
            return self.low * (self.high / self.low) ** place
        return self.low + (self.high - self.low) * place

    @cached_property
    def ticks(self) -> list[tuple[float, str]]:
        """Round values and their texts."""
        round_numbers = [1, 2, 4, 5, 10] if self.whole else [1, 2, 2.5, 5, 10]
        linear = MaxNLocator(6 if self.whole else 5, steps=round_numbers, integer=self.whole)
        locator = LogLocator(numticks=6) if self.log else linear
        write = power_of_ten if self.log else lambda value: f"{value:g}".replace("-", "−")
        values = locator.tick_values(self.low, self.high)
        return [(float(v), write(v)) for v in values[self.holds(values)]]


@dataclass(frozen=True)
class Look:
    """Color, dash (lengths in pixels), marker of a line."""

    color: str = INK
    dash: str = ""
    marker: Marker = ""
    width: float = 1.8
    opacity: float = 1.0

    @property
    def stroke(self) -> Drawn:
        """The line's style for the browser."""
        return {"s": self.color, "w": self.width, "o": self.opacity, "a": self.dash}


CONTOUR = Look(GRAY, width=0.7, opacity=0.7)


def look_of(label: str) -> Look:
    """The course's look for this label, as in its figures."""
    (look,) = looks([label])
    style = look["linestyle"]
    lengths = () if style == SOLID else style[1]
    dash = " ".join(f"{1.8 * length:g}" for length in lengths)
    return Look(look["color"], dash, look["marker"], look.get("linewidth", 1.8))


@dataclass(frozen=True)
class Curve:
    """A line through points, a dozen of them marked. `halo` separates the line from drawables below."""

    x: Any
    y: Any
    look: Look
    halo: bool = False
    fill: str = ""

    def parts(self, panel: "Panel") -> list[Drawn]:
        """The drawable's paths and texts in this panel, in pixels."""
        x, y = panel.pixels(self.x, self.y)
        look = self.look
        parts = [{"d": polyline(x, y), "h": int(self.halo), "f": self.fill, **look.stroke}]
        if look.marker:
            every = max(1, len(x) // MARKERS)
            markers = shapes(look.marker, x[::every], y[::every], 3)
            parts.append({"d": markers, "f": look.color, "s": look.color, "w": 1.2})
        return parts


@dataclass(frozen=True)
class Dots:
    """Markers at points, of `size` pixels, open or filled."""

    x: Any
    y: Any
    color: str
    marker: Marker
    size: float
    open: bool = False

    def parts(self, panel: "Panel") -> list[Drawn]:
        """The drawable's paths and texts in this panel, in pixels."""
        inside = panel.x.holds(self.x) & panel.y.holds(self.y)
        x, y = (places[inside] for places in panel.pixels(self.x, self.y))
        paint = {"s": self.color, "w": 2} | ({} if self.open else {"f": self.color})
        # Whole even at the panel's edge, where lines are clipped.
        return [{"d": shapes(self.marker, x, y, self.size), "h": 1, "whole": 1, **paint}]


@dataclass(frozen=True)
class Arrow:
    """An arrow from the first point to the second, its name on the left (`side` −1) or on the right (1) of its way."""

    x: Any
    y: Any
    color: str
    label: str
    side: int = -1

    def parts(self, panel: "Panel") -> list[Drawn]:
        """The drawable's paths and texts in this panel, in pixels."""
        x, y = panel.pixels(self.x, self.y)
        tail, tip = x + 1j * y
        way = tip - tail
        length = abs(way)
        if not length >= 2:  # nor NaN
            return []
        along = way / length
        corners = tip - min(7.0, length) * along * np.array([1 - 0.5j, 0, 1 + 0.5j])
        head = polyline(corners.real, corners.imag) + "Z"
        parts = [{"d": polyline(x, y), "s": self.color, "w": 2, "h": 1}, {"d": head, "f": self.color}]
        if self.label:
            aside = 11j * along * self.side
            at = (tail + tip) / 2 + aside
            anchor = "middle" if abs(aside.real) < 4 else "start" if aside.real > 0 else "end"
            parts.append(_text(self.label, at.real, at.imag + 4, self.color, anchor))
        return parts


@dataclass(frozen=True)
class Words:
    """A short text at a point; `anchor` says which end is there: "start", "middle" or "end"."""

    x: float
    y: float
    text: str
    color: str = INK
    anchor: str = "start"

    def parts(self, panel: "Panel") -> list[Drawn]:
        """The drawable's paths and texts in this panel, in pixels."""
        x, y = panel.pixels(self.x, self.y)
        if not np.isfinite(x + y):
            return []
        return [_text(self.text, x, y, self.color, self.anchor)]


@dataclass(frozen=True)
class Legend:
    """A sample of each look and its name, one under the other from the top of a panel."""

    looks: Mapping[str, Look]

    def parts(self, panel: "Panel") -> list[Drawn]:
        """The drawable's paths and texts in this panel, in pixels."""
        drawables = []
        for row, (label, look) in enumerate(self.looks.items()):
            sample = [panel.value((LEGEND_LEFT + x, 0.95 - LEGEND_ROW * row)) for x in (0.0, 0.05, 0.1)]
            name = Words(*panel.value((LEGEND_LEFT + 0.13, 0.93 - LEGEND_ROW * row)), label)
            drawables += [Curve(*np.transpose(sample), look), name]
        return panel.parts(drawables)


@dataclass(frozen=True)
class Height:
    """A horizontal line over the whole panel, its name above the left end; nothing for None."""

    height: float | None
    label: str
    color: str = GOAL_COLOR

    def parts(self, panel: "Panel") -> list[Drawn]:
        """The drawable's paths and texts in this panel, in pixels."""
        if self.height is None:
            return []
        line = Curve([panel.x.low, panel.x.high], 2 * [self.height], Look(self.color, "9 3", width=1.2))
        above = panel.y.value(panel.y.place(self.height) + 0.012)
        return panel.parts([line, Words(panel.x.value(0.01), above, self.label, self.color)])


Drawable = Curve | Dots | Arrow | Words | Legend | Height


@dataclass(frozen=True)
class Panel:
    """A picture with two axes. `still` is drawn once; `points` names the control that a click moves."""

    name: str
    title: str
    x: Axis
    y: Axis
    still: tuple[Drawable, ...] = ()
    points: str | None = None
    help: str = ""
    width: int = WIDTH
    """In pixels, between the axes' ends."""

    def place(self, x: Any, y: Any) -> np.ndarray:
        """The positions of points, along x and along y, 0 at the low ends and 1 at the high ends."""
        return np.array([self.x.place(x), self.y.place(y)])

    def value(self, place: Sequence[Any]) -> np.ndarray:
        """The points at such positions."""
        across, up = place
        return np.array([self.x.value(across), self.y.value(up)])

    def handle(self, point: np.ndarray) -> tuple[float, float]:
        """The position of a point that can be dragged, each coordinate between 0 and 1."""
        return tuple(np.clip(self.place(*point), 0, 1).tolist())

    def dragged(self, point: np.ndarray, handle: tuple[float, float]) -> np.ndarray:
        """The point with its handle there; unless it was moved, the same to the last digit."""
        return point if handle == self.handle(point) else self.value(handle)

    def pixels(self, x: Any, y: Any) -> tuple[np.ndarray, np.ndarray]:
        """Data to pixels, y downwards."""
        across, up = self.place(x, y)
        return LEFT + self.width * across, TOP + HEIGHT * (1 - up)

    def parts(self, drawables: Sequence[Drawable]) -> list[Drawn]:
        """All parts of these drawables."""
        return [part for drawable in drawables for part in drawable.parts(self)]

    @cached_property
    def frame(self) -> dict[str, Any]:
        """The fixed part: axes, ticks, labels, the still drawables."""
        right, bottom = LEFT + self.width, TOP + HEIGHT
        parts = [_fine(f"M{LEFT},{TOP}V{bottom}H{right}")]
        for value, text in self.x.ticks:
            x, _ = self.pixels(value, self.y.low)
            parts += [_fine(f"M{x:.1f},{bottom}v4"), _text(text, x, bottom + 15, GRAY, "middle")]
        for value, text in self.y.ticks:
            _, y = self.pixels(self.x.low, value)
            parts += [_fine(f"M{LEFT},{y:.1f}h-4"), _text(text, LEFT - 6, y + 4, GRAY, "end")]
        parts += [
            _text(self.x.label, LEFT + self.width / 2, bottom + 31, INK, "middle"),
            _text(self.y.label, LEFT - 44, TOP - 9, INK, "start"),
            _text(self.title, right, TOP - 9, INK, "end"),
        ]
        return {
            "name": self.name,
            "size": [right + RIGHT, bottom + BOTTOM],
            "inside": [LEFT, TOP, self.width, HEIGHT],
            "axes": parts,
            "still": self.parts(self.still),
            "points": self.points,
            "help": self.help,
        }


def ring(point: np.ndarray) -> Dots:
    """The start of a path."""
    return Dots(point[:1], point[1:], GRAY, "o", 7, open=True)


def level_lines(objective: Objective) -> tuple[Drawable, ...]:
    """The contours of the course's figures, as drawables."""
    *grid, levels = levels_of(objective)
    generator = contourpy.contour_generator(*grid)
    lines = (Curve(*piece.T, CONTOUR) for level in levels for piece in generator.lines(level))
    low = objective.minimum[:2]
    return (*lines, Dots([low[0]], [low[1]], GRAY, "+", 6, open=True))


def polyline(x: np.ndarray, y: np.ndarray) -> str:
    """An SVG path through points; NaN breaks it."""
    path, pen = [], "M"
    for a, b in zip(x.tolist(), y.tolist(), strict=True):
        if isnan(a + b):
            pen = "M"
        else:
            path.append(f"{pen}{a:.1f},{b:.1f}")
            pen = "L"
    return "".join(path)


def shapes(marker: Marker, x: Iterable[float], y: Iterable[float], size: float) -> str:
    """An SVG path of one Matplotlib marker at each point."""
    outline = _outline(marker, size)
    return "".join([f"M{a:.1f},{b:.1f}{outline}" for a, b in zip(x, y, strict=True) if not isnan(a + b)])


@cache
def _outline(marker: Marker, size: float) -> str:
    if marker == "o":  # a polygon for it has many corners
        return f"m-{size:g},0a{size:g},{size:g} 0 1,0 {2 * size:g},0a{size:g},{size:g} 0 1,0 -{2 * size:g},0z"
    style = MarkerStyle(marker)
    path = style.get_path().transformed(style.get_transform().scale(2 * size, -2 * size))
    outline, end = "", np.zeros((1, 2))
    for piece in path.to_polygons(closed_only=False):
        moves = np.diff(piece, axis=0, prepend=end)
        outline += "m" + "l".join(f"{a:.2g},{b:.2g}" for a, b in moves.tolist())
        end = piece[-1:]
    return outline


def _fine(line: str) -> Drawn:
    return {"d": line, "s": GRAY, "w": 1}


def _text(text: str, x: float, y: float, color: str, anchor: str) -> Drawn:
    return {"t": text, "x": round(float(x), 1), "y": round(float(y), 1), "f": color, "m": anchor}


def svg(panels: Sequence[Panel], drawables: Sequence[Sequence[Drawable]]) -> tuple[str, int]:
    """The panels side by side as an SVG image, and its width in pixels."""
    groups, left = [], 0
    for number, (panel, moving) in enumerate(zip(panels, drawables, strict=True)):
        x, y, width, height = panel.frame["inside"]
        inside = f' clip-path="url(#inside{number})"'
        drawn = [_element(part, inside) for part in [*panel.frame["still"], *panel.parts(moving)]]
        drawn += [_element(part) for part in panel.frame["axes"]]
        groups.append(
            f'<g transform="translate({left})"><clipPath id="inside{number}">'
            f'<rect x="{x}" y="{y}" width="{width}" height="{height}"/></clipPath>{"".join(drawn)}</g>'
        )
        left += panel.frame["size"][0]
    height = panels[0].frame["size"][1]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {left} {height}" width="{left}" height="{height}" '
        f'font-family="sans-serif" font-size="11" stroke-linejoin="round">'
        f'<rect width="100%" height="100%" fill="{PAPER}"/>{"".join(groups)}</svg>'
    ), left


def _element(part: Drawn, clip: str = "") -> str:
    """An SVG element for a part, as `paint` in widget.js draws it."""
    if "t" in part:
        place = f'x="{part["x"]}" y="{part["y"]}" text-anchor="{part["m"]}"'
        halo = f'paint-order="stroke" stroke="{PAPER}" stroke-width="3"'
        return f'<text {place} fill="{part["f"]}" {halo}>{escape(part["t"])}</text>'
    outline = f'd="{part["d"]}"{"" if "whole" in part else clip}'
    width = part.get("w", 1)
    halo = f'<path {outline} fill="none" stroke="{PAPER}" stroke-width="{width + 2.5}"/>'
    return (
        f'{halo if part.get("h") else ""}<path {outline} fill="{part.get("f") or "none"}" stroke="{part.get("s", "none")}" '
        f'stroke-width="{width}" opacity="{part.get("o", 1)}" stroke-dasharray="{part.get("a", "")}"/>'
    )
