"""A figure to draw on, and its display: a picture with a text alternative."""

import base64
import html
import io
import math
import re
import textwrap
from collections.abc import Sequence

import numpy as np
from IPython.display import display
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.ticker import Formatter, LogLocator
from PIL import Image

PIXELS_PER_INCH = 100
"""Pixels of the page per inch."""
DENSITY = 2
"""Pixels of the PNG per pixel of the page, for sharp pictures on double-density screens."""
COLORS = 256
COMPRESSION = 6
FONT = 9
"""Font size of legends and labels."""
CHARACTERS_PER_INCH = 10.5
NARROW = 200  # a logarithmic axis whose ends differ by less has a number at each tick …
PLAIN = (5e-4, 2e5)  # … if none of them needs too many zeros
UNBREAKABLE = "\u00a0"  # a space at which textwrap does not break a line
RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
# On a dark page light and dark are swapped and colors keep their hue, slightly brighter: orange and sky
# blue would be dim. Paper stays white.
STYLE = """<style>
.descentlab-picture { max-width: 100%; height: auto; vertical-align: top }
@media screen {
[data-jp-theme-light="false"] .descentlab-picture { filter: invert(0.9) hue-rotate(180deg) brightness(1.3) }
}
</style>"""


def canvas(
    *, xlabel: str, ylabel: str, title: str, size: tuple[float, float] = (6.4, 3.6), log: str = ""
) -> tuple[Figure, Axes]:
    """An empty figure of `size` inches and its axes; `log` names the logarithmic axes: "x", "y" or "xy"."""
    fig = Figure(figsize=size, layout="constrained")
    ax = fig.add_subplot()
    dress(ax, xlabel, ylabel, title, width=size[0])
    make_logarithmic(ax, log)
    return fig, ax


def make_logarithmic(ax: Axes, names: str) -> None:
    """Make these axes logarithmic, "x", "y" or "xy", with readable numbers at their ticks."""
    for axis, set_scale in ((ax.xaxis, ax.set_xscale), (ax.yaxis, ax.set_yscale)):
        if axis.axis_name in names:
            set_scale("log")
            axis.set_minor_locator(LogLocator(subs=(2, 3, 6)))
            axis.set_major_formatter(LogNumbers())
            axis.set_minor_formatter(LogNumbers(small=True))


class LogNumbers(Formatter):
    """Tick labels: powers of ten; plain numbers on an axis with only one or two, at the `small` ticks too."""

    def __init__(self, small: bool = False):
        self.small = small

    def __call__(self, x: float, pos: int | None = None) -> str:
        low, high = self.axis.get_view_interval()
        if high < NARROW * low and low > PLAIN[0] and high < PLAIN[1]:
            return f"{x:g}"
        # Matplotlib would parse its own $10^{-2}$ as mathematics, which takes as long as all the rest.
        return "" if self.small else power_of_ten(x)


def power_of_ten(x: float) -> str:
    """A power of ten as it is written by hand: 10⁻⁶."""
    return "10" + str(round(math.log10(x))).translate(RAISED)


def add_legend(ax: Axes) -> None:
    """Add a legend where Matplotlib finds most room."""
    ax.legend(loc="best", fontsize=FONT, framealpha=0.85)


def dress(ax: Axes, xlabel: str, ylabel: str, title: str, width: float) -> None:
    """Set labels, a left-aligned title broken into lines, and a light grid."""
    ax.set_xlabel(xlabel)
    ax.set_ylabel(ylabel)
    # A fixed height spares Matplotlib a search among the ticks in each layout pass.
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


def show(fig: Figure, alt: str, moving: Sequence[tuple[Axes, np.ndarray, str]] = ()) -> None:
    """Show the figure with its text alternative `alt`.

    Args:
        moving: a dot that follows a path of the axes' points, shape (steps + 1, 2), in a color.

    Raises:
        ValueError: the text says nothing.
    """
    if not alt.strip():
        raise ValueError("a figure needs a text alternative: show(fig, alt='what it shows, in words')")
    image, page, width = drawn(fig, alt)
    if moving:
        page = embedded(_animated(fig, image, moving).encode(), alt, width, "svg+xml")
    display(
        # Exports to PDF and the like take the PNG.
        {"text/html": page, "image/png": image, "text/plain": alt},
        metadata={"image/png": {"alt": alt, "width": width}},
        raw=True,
    )


def drawn(fig: Figure, alt: str) -> tuple[bytes, str, int]:
    """The figure as a PNG, as HTML that holds it, and its width on the page."""
    width = round(fig.get_figwidth() * PIXELS_PER_INCH)
    image = as_png(fig, DENSITY * PIXELS_PER_INCH)
    return image, embedded(image, alt, width), width


SECONDS = 6
"""Seconds of an animation; in the last seventh the dots rest at the ends."""
RADIUS = 6
"""Pixels of the page of a moving dot."""


def _animated(fig: Figure, image: bytes, moving: Sequence[tuple[Axes, np.ndarray, str]]) -> str:
    """An SVG of the picture in which dots follow paths, again and again.

    They lie still for readers who prefer less motion, and where nothing can move.
    """
    width, height = fig.canvas.get_width_height()
    dots, rules = [], []
    for number, (ax, path, color) in enumerate(moving):
        places = ax.transData.transform(path) * (1, -1) + (0, height)
        share = 100 * SECONDS / (SECONDS + 1) / (len(places) - 1)
        moved = [f"transform:translate({x:.0f}px,{y:.0f}px)" for x, y in places]
        frames = "".join(f"{share * step:.1f}%{{{where}}}" for step, where in enumerate(moved))
        end = moved[-1]
        rules.append(f"@keyframes d{number}{{{frames}to{{{end}}}}}")
        rules.append(f"#d{number}{{{end};animation:d{number} {SECONDS}s linear infinite}}")
        box = ax.get_window_extent()
        dots.append(
            f'<clipPath id="c{number}"><rect x="{box.x0:.0f}" y="{height - box.y1:.0f}" width="{box.width:.0f}" '
            f'height="{box.height:.0f}"/></clipPath><g clip-path="url(#c{number})"><circle id="d{number}" '
            f'r="{RADIUS * DENSITY}" fill="{to_hex(color)}" stroke="white" stroke-width="{2 * DENSITY}"/></g>'
        )
    rules.append("@media (prefers-reduced-motion:reduce){circle{animation:none!important}}")
    picture = base64.b64encode(image).decode()
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}"><style>{"".join(rules)}</style>'
        f'<image href="data:image/png;base64,{picture}" width="{width}" height="{height}"/>{"".join(dots)}</svg>'
    )


def embedded(image: bytes, alt: str, width: int, kind: str = "png") -> str:
    """An `<img>` that holds the image, `width` of the page's pixels wide, narrower where the page is.

    JupyterLab and Notebook 7 show a PNG output with an empty `alt`, whatever its metadata say, but HTML
    unchanged.
    """
    data = base64.b64encode(image).decode()
    return (
        f'{STYLE}<img class="descentlab-picture" alt="{html.escape(alt)}" width="{width}" '
        f'src="data:image/{kind};base64,{data}" />'
    )


def as_png(fig: Figure, dpi: float) -> bytes:
    """The figure as PNG at `dpi` pixels an inch, on an opaque ground, with its own palette.

    Against all colors: a third of the size, which notebooks, browsers and graders carry on, and half the
    time. In the lessons' figures no color is off by more than 28 of 255; the ground is exact.
    """
    fig.set_dpi(dpi)
    drawn = FigureCanvasAgg(fig)
    drawn.draw()  # savefig would draw twice: it lays the figure out first
    full = Image.frombuffer("RGBA", drawn.get_width_height(), drawn.buffer_rgba()).convert("RGB")
    few = full.quantize(COLORS, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    palette = list(few.getpalette())
    corner = 3 * few.getpixel((0, 0))
    palette[corner : corner + 3] = full.getpixel((0, 0))  # exactly the ground
    few.putpalette(palette)
    image = io.BytesIO()
    few.save(image, format="png", compress_level=COMPRESSION, dpi=(dpi, dpi))
    return image.getvalue()
