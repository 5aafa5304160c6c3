"""A figure to draw on, and how it reaches the page: a picture with a text alternative."""

from __future__ import annotations

import math
import re
import textwrap
from collections.abc import Sequence

import numpy as np
from IPython.display import display
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import Formatter, LogLocator

from descentlab.figures.page import DENSITY, embedded
from descentlab.figures.png import as_png
from descentlab.sentences import say, template

PIXELS_PER_INCH = 100
"""On the page."""
CHARACTERS_PER_INCH = 10.5
TICK_CHARACTER = 0.088  # inches, at font size 10
NARROW = 200  # a logarithmic axis whose ends differ by less has a number at each of its ticks …
PLAIN = (5e-4, 2e5)  # … if none of them needs too many zeros
UNBREAKABLE = "\u00a0"  # a space at which textwrap does not break a line
RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
# Small ticks of a logarithmic axis, as multiples of a power of ten, where its ends differ by less than this.
# All eight would double a figure's cost; on a longer axis they would merge.
SUBTICKS = {5.0: (1.5, 2, 3, 4, 5, 6, 8), 10.0: (2, 3, 4, 6), 1e4: (2, 5), math.inf: ()}


def canvas(
    *,
    xlabel: str,
    ylabel: str,
    title: str,
    size: tuple[float, float] = (6.4, 3.6),
    log: str = "",
    fixed: bool = False,
) -> tuple[Figure, Axes]:
    """An empty figure of `size` inches and its axes; `log` names the logarithmic axes: "x", "y" or "xy".

    Its margins fit what is drawn; `fixed` leaves them to `fit_margins`, which is quicker.
    """
    fig = Figure(figsize=size, layout=None if fixed else "constrained")
    ax = fig.add_subplot()
    dress(ax, xlabel, ylabel, title, width=size[0])
    make_logarithmic(ax, log)
    return fig, ax


def make_logarithmic(ax: Axes, names: str) -> None:
    """Makes these axes logarithmic, "x", "y" or "xy", with numbers that can be read at their ticks."""
    for axis, set_scale in ((ax.xaxis, ax.set_xscale), (ax.yaxis, ax.set_yscale)):
        if axis.axis_name in names:
            set_scale("log")
            axis.set_minor_locator(SmallTicks())
            axis.set_major_formatter(LogNumbers())
            axis.set_minor_formatter(LogNumbers(small=True))


class SmallTicks(LogLocator):
    """Ticks between the powers of ten: the shorter the axis, the more."""

    def tick_values(self, vmin: float, vmax: float) -> np.ndarray:
        """Their places on an axis with these ends."""
        subs = next(subs for longest, subs in SUBTICKS.items() if not vmax > longest * abs(vmin))
        self.set_params(subs=subs)
        return super().tick_values(vmin, vmax) if subs else np.array([])


class LogNumbers(Formatter):
    """Powers of ten; where the axis holds but one or two, plain numbers, at the `small` ticks too."""

    def __init__(self, small: bool = False):
        self.small = small

    def __call__(self, x: float, pos: int | None = None) -> str:
        low, high = self.axis.get_view_interval()
        if high < NARROW * low and low > PLAIN[0] and high < PLAIN[1]:
            return f"{x:g}"
        # Matplotlib's own $10^{-2}$ is parsed as mathematics, which takes as long as all the rest.
        return "" if self.small else power_of_ten(x)


def power_of_ten(x: float) -> str:
    """A power of ten as it is written by hand: 10⁻⁶."""
    return "10" + str(round(math.log10(x))).translate(RAISED)


def fit_margins(fig: Figure, ax: Axes) -> None:
    """Margins by counting characters: letting Matplotlib measure them costs as much as drawing."""
    width, height = fig.get_size_inches()
    lines = len(ax.get_title(loc="left").split("\n"))
    labels = [
        label
        for minor, ticker in ((False, ax.yaxis.major), (True, ax.yaxis.minor))
        for label in ticker.formatter.format_ticks(ax.get_yticks(minor=minor))
    ]
    longest = max(map(len, labels), default=0)
    fig.subplots_adjust(
        left=(0.4 + TICK_CHARACTER * longest) / width,
        right=1 - 0.12 / width,
        bottom=0.52 / height,
        top=1 - (0.1 + 0.2 * lines) / height,
    )


def dress(ax: Axes, xlabel: str, ylabel: str, title: str, width: float) -> None:
    """Labels, a title on the left broken into lines, a light grid."""
    ax.set_xlabel(xlabel)
    ax.set_ylabel(ylabel)
    # A given height spares Matplotlib a search among the ticks at each of its passes over the figure.
    ax.set_title(wrapped(title, width), loc="left", fontsize=11, y=1.0)
    ax.grid(True, color="#dddddd", linewidth=0.6)
    ax.set_axisbelow(True)
    ax.spines[["top", "right"]].set_visible(False)


def wrapped(text: str, width: float) -> str:
    """The text in as few lines as fit into `width` inches, about equally long; a minus for a hyphen.

    No line ends within an equation, such as η = 0.1.
    """
    text = re.sub(r"(?<!\w)-(?=\d)", "−", text).replace(" = ", f"{UNBREAKABLE}={UNBREAKABLE}")
    longest = int(width * CHARACTERS_PER_INCH)
    lines = textwrap.wrap(text, longest)
    for shorter in range(longest - 1, 10, -1):
        tried = textwrap.wrap(text, shorter)
        if len(tried) > len(lines):
            break
        lines = tried
    return "\n".join(lines).replace(UNBREAKABLE, " ")


def against(title: str, ylabel: str, xlabel: str, said: Sequence[str]) -> str:
    """The text alternative of lines or bars, of which each is said."""
    sentence = template("{title}. {ylabel} against {xlabel}: {said}.")
    return say(sentence, title=title, ylabel=ylabel, xlabel=xlabel, said="; ".join(said))


def show(fig: Figure, alt: str) -> None:
    """Shows the figure; `alt` says in words what it shows.

    Raises:
        ValueError: it says nothing.
    """
    if not alt.strip():
        raise ValueError(say("a figure needs a text alternative: show(fig, alt='what it shows, in words')"))
    width = round(fig.get_figwidth() * PIXELS_PER_INCH)
    image = as_png(fig, DENSITY * PIXELS_PER_INCH)
    display(
        # Exports to PDF and the like take the PNG.
        {"text/html": embedded(image, alt, width), "image/png": image, "text/plain": alt},
        metadata={"image/png": {"alt": alt, "width": width}},
        raw=True,
    )
