"""The look of a line: its rule's colour, dash and marker, or others that are free.

Colours are those of Okabe and Ito (2008), which readers with any kind of colour vision tell apart; dashes and
markers carry the same distinction in grey.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import cycle
from typing import Any

from descentlab.registry import DASHDOT, DASHED, DOTTED, RULES, SOLID

OTHERS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#000000")
"""Colours of lines that are no rule's."""
SPARE = tuple(zip((DASHED, DOTTED, DASHDOT, SOLID, (0, (1, 3)), (0, (9, 3))), "<h>8pd", strict=True))
"""Dash and marker of lines that have none of their own: none of the rules' markers."""
THEORY = {"color": "#555555", "linestyle": DOTTED, "marker": "", "linewidth": 2.2}


def looks(labels: Iterable[str]) -> list[dict[str, Any]]:
    """matplotlib's keywords for each line, in order: its rule's look, or one that is still free."""
    lines, used = [], []
    spare, colors = cycle(SPARE), cycle(OTHERS)
    for label in labels:
        rule = RULES.get(max((name for name in RULES if label.startswith(name)), key=len, default=""))
        if label.startswith("theory"):
            lines.append(dict(THEORY))
        elif rule and rule not in used:
            lines.append({"color": rule.color, "linestyle": rule.dash, "marker": rule.marker})
            used.append(rule)
        else:
            dash, marker = next(spare)
            color, alpha = (rule.color, 0.6) if rule else (next(colors), 1.0)
            lines.append({"color": color, "linestyle": dash, "marker": marker, "alpha": alpha})
    return lines
