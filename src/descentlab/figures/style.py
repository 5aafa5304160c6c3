"""The look of a line: its rule's color, dash and marker, or unused ones.

Colors are those of Okabe and Ito (2008), which readers with any kind of color vision tell apart; dashes and
markers carry the same distinction in gray.
"""

from collections.abc import Iterable
from itertools import cycle
from typing import Any

from matplotlib.colors import get_named_colors_mapping, rgb_to_hsv, to_hex, to_rgb

from descentlab.registry import RULES, SOLID, RuleInfo

PALETTE = {
    "blue": "#0072B2",
    "vermilion": "#D55E00",
    "green": "#009E73",
    "pink": "#CC79A7",
    "amber": "#E69F00",
}
OTHERS = (*PALETTE.values(), "#000000")
"""Colors of lines that do not belong to a rule."""
# matplotlib's names for these colors, in lessons: "Adam", and "okabe:blue" for what belongs to no rule.
get_named_colors_mapping().update(
    {name: rule.color for name, rule in RULES.items()}
    | {f"okabe:{name}": color for name, color in PALETTE.items()}
)
Marker = str | tuple[int, int, int]
MARKERS = ((4, 1, 0), "h", (4, 1, 45), "8", (8, 1, 0), "H")
"""Markers of lines without a rule. Tuples are matplotlib's stars: points, 1, degrees turned."""
DOTTED = (0, (1, 1.5))
SPARE = tuple(
    zip(((0, (5, 2)), DOTTED, (0, (6, 2, 1, 2)), SOLID, (0, (1, 3)), (0, (9, 3))), MARKERS, strict=True)
)
"""Dash and marker of lines without their own: no rule's markers, none that looks like an arrow."""
GRAY = "#555555"
THEORY = {"color": GRAY, "linestyle": SOLID, "marker": "", "linewidth": 7.0, "alpha": 0.35, "zorder": 1.5}
"""Wide and light, behind the line it explains, so that both show where they agree."""
COMPARED = {"color": GRAY, "linestyle": DOTTED, "marker": "", "linewidth": 2.2}
REFERENCES = ("theory", "bound", "the target", "the threshold")
"""Beginnings of the labels of lines that serve for comparison."""
SHADES = (1.0, 0.55, 0.25)
"""Brightness of the lines of one rule, one after the other, to tell them apart where they cross."""


def looks(labels: Iterable[str]) -> list[dict[str, Any]]:
    """matplotlib's keywords for each line, in order: its rule's look, or an unused one.

    A line alone is solid: there is nothing to tell it from.

    A theory is wide, light and behind; other labels that begin like `REFERENCES` are dotted. `theory: X` and
    `bound: X`, where X is another label, have the color of X, else they are gray. No other line gets the
    hue of a rule in the figure.
    """
    labels = list(labels)
    rules = [rule_of(label) for label in labels]
    taken = {_hue(rule.color) for rule in rules if rule}
    spare, colors = cycle(SPARE), cycle([color for color in OTHERS if _hue(color) not in taken] or OTHERS)
    lines: list[dict[str, Any]] = []
    for place, (label, rule) in enumerate(zip(labels, rules, strict=True)):
        if label.startswith(REFERENCES):
            lines.append(dict(THEORY if label.startswith("theory") else COMPARED))
            continue
        if rule and (before := rules[:place].count(rule)):
            color, (dash, marker) = shade(rule.color, SHADES[before % len(SHADES)]), next(spare)
        elif rule:
            color, dash, marker = rule.color, rule.dash, rule.marker
        else:
            color, (dash, marker) = next(colors), next(spare)
            dash = SOLID if len(labels) == 1 else dash
        lines.append({"color": color, "linestyle": dash, "marker": marker})
    for label, line in zip(labels, lines, strict=True):
        compared = label.partition(": ")[2]
        if label.startswith(REFERENCES) and compared in labels:
            line["color"] = lines[labels.index(compared)]["color"]
    return lines


def rule_of(label: str) -> RuleInfo | None:
    """The rule with the longest name that the label begins with; None for a reference."""
    names = () if label.startswith(REFERENCES) else (name for name in RULES if label.startswith(name))
    return RULES.get(max(names, key=len, default=""))


def _hue(color: str) -> int | None:
    """The hue of a color, in degrees; None: black. Darker shades have the same."""
    parts = to_rgb(color)
    return round(360 * rgb_to_hsv(parts)[0]) if any(parts) else None


def shade(color: str, brightness: float) -> str:
    """The color, darker; black becomes lighter."""
    parts = to_rgb(color)
    return to_hex([brightness * part for part in parts] if any(parts) else 3 * [1 - brightness])
