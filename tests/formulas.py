"""Computes formulas as they are printed, "θ ← θ − η g / (√h + ε)", and makes rules of them."""

import re
from functools import cache

import numpy as np

from descentlab.registry import HYPERPARAMETERS

PYTHON = str.maketrans({"−": "-", "^": "**", "²": "**2", "ᵗ": "**t", "₁": "1", "₂": "2"})
FUNCTIONS = {"sqrt": np.sqrt, "sign": np.sign, "max": np.maximum, "abs": np.abs}


@cache
def _compiled(expression: str):
    """As Python: what stands side by side is multiplied, "√h" is the root of h alone."""
    text = re.sub(r"√(\w\u0302?)", r"√(\1)", expression.translate(PYTHON)).replace("√", "sqrt")
    return compile(re.sub(r"(?<=[\w\u0302)]) (?=[\w(])", " * ", text), expression, "eval")


class Formula:
    """A rule of printed lines, "name ← expression" or "name = expression", in the order of an update.

    Every state is 0 before the first update, but for those that are given; t counts the updates.
    """

    def __init__(self, lines: str, first=None, **hyper):
        # What a symbol stands for may follow its line: "s = √v̂ + ε,  v̂ = v / (1 − β₂ᵗ)".
        parts = [part for line in lines.split(";  ") for part in reversed(line.split(",  "))]
        self.lines = [re.split(" [←=] ", part.translate(PYTHON).strip()) for part in parts]
        if "t" not in dict(self.lines):
            self.lines.insert(0, ["t", "t + 1"])
        self.first, self.memory = first or {}, {}
        vars(self).update(hyper)

    def update(self, params, grads):
        rows = HYPERPARAMETERS.values()
        hyper = {row.symbol.translate(PYTHON): vars(self).get(row.name) for row in rows}
        for k, g in grads.items():
            names = self.memory.setdefault(k, dict.fromkeys("tvhnamdu", 0.0) | self.first)
            names |= FUNCTIONS | hyper | {"θ": params[k], "g": g}
            for name, expression in self.lines:
                names[name] = eval(_compiled(expression), names)
            params[k] = names["θ"]
