"""One colour, dash and marker for each rule, the same in the whole course.

Colours are those of Okabe and Ito (2008), which readers with any kind of colour vision tell apart; dashes and
markers carry the same distinction in grey.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import cycle
from typing import Any

SOLID, DASHED, DOTTED, DASHDOT = "-", (0, (5, 2)), (0, (1, 1.5)), (0, (6, 2, 1, 2))

RULES: dict[str, tuple[str, Any, str]] = {
    "SGD": ("#0072B2", SOLID, "o"),
    "Momentum": ("#E69F00", DASHED, "s"),
    "Nesterov": ("#D55E00", DASHDOT, "^"),
    "AdaGrad": ("#009E73", (0, (3, 1.5)), "D"),
    "RMSpropGraves": ("#CC79A7", (0, (8, 2)), "P"),
    "RMSprop": ("#56B4E9", (0, (4, 1, 1, 1, 1, 1)), "v"),
    "Adam": ("#000000", SOLID, "X"),
}
OTHERS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#000000")
"""Colours of lines that are no rule's."""
SPARE = tuple(zip((DASHED, DOTTED, DASHDOT, SOLID, (0, (1, 3)), (0, (9, 3))), "<h>*pd", strict=True))
"""Dash and marker of lines that have none of their own: none of the rules' markers."""
THEORY = {"color": "#555555", "linestyle": DOTTED, "marker": "", "linewidth": 2.2}


def looks(labels: Iterable[str]) -> list[dict[str, Any]]:
    """matplotlib's keywords for each line, in order: its rule's look, or one that is still free."""
    found, used = [], set()
    spare, colors = cycle(SPARE), cycle(OTHERS)
    for label in labels:
        rule = next((name for name in RULES if label.startswith(name)), None)
        if label.startswith("theory"):
            found.append(dict(THEORY))
        elif rule and rule not in used:
            color, dash, marker = RULES[rule]
            found.append({"color": color, "linestyle": dash, "marker": marker})
        else:
            dash, marker = next(spare)
            color, alpha = (RULES[rule][0], 0.6) if rule else (next(colors), 1.0)
            found.append({"color": color, "linestyle": dash, "marker": marker, "alpha": alpha})
        used.add(rule)
    return found
