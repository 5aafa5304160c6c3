"""A figure to draw on, and how it reaches the page: a PNG with a text alternative."""

from __future__ import annotations

import io
import textwrap

from IPython.display import display
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.image import imsave

DPI = 110
CHARACTERS_PER_INCH = 10.5
# Small ticks of a logarithmic axis, as multiples of a power of ten. All eight would double a figure's cost.
SUBTICKS = (2, 5)


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

    Its margins fit what is drawn, unless they are `fixed`, which suits short tick labels and is quicker.
    """
    fig = Figure(figsize=size, layout=None if fixed else "constrained")
    if fixed:
        fix_margins(fig, title)
    ax = fig.add_subplot()
    dress(ax, xlabel, ylabel, title, width=size[0])
    if "x" in log:
        ax.set_xscale("log", subs=SUBTICKS)
    if "y" in log:
        ax.set_yscale("log", subs=SUBTICKS)
    return fig, ax


def fix_margins(fig: Figure, title: str) -> None:
    """Margins that suit short tick labels: letting matplotlib measure them costs as much as drawing."""
    width, height = fig.get_size_inches()
    lines = len(wrapped(title, width).split("\n"))
    fig.subplots_adjust(
        left=0.75 / width, right=1 - 0.12 / width, bottom=0.52 / height, top=1 - (0.1 + 0.2 * lines) / height
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
    """The text in as few lines as fit into `width` inches, about equally long."""
    longest = int(width * CHARACTERS_PER_INCH)
    lines = textwrap.wrap(text, longest)
    for shorter in range(longest - 1, 10, -1):
        tried = textwrap.wrap(text, shorter)
        if len(tried) > len(lines):
            break
        lines = tried
    return "\n".join(lines)


def show(fig: Figure, alt: str) -> None:
    """Shows the figure as a PNG; `alt` says in words what it shows."""
    if not alt.strip():
        raise ValueError("a figure needs a text alternative: show(fig, alt='what it shows, in words')")
    fig.set_dpi(DPI)
    drawn = FigureCanvasAgg(fig)
    drawn.draw()  # savefig would draw twice: it lays the figure out first
    image = io.BytesIO()
    imsave(image, drawn.buffer_rgba(), format="png", dpi=DPI)
    width = round(fig.get_figwidth() * 100)
    display(
        {"image/png": image.getvalue(), "text/plain": alt},
        metadata={"image/png": {"alt": alt, "width": width}},
        raw=True,
    )
