"""Reads a formula as it is printed, "θ ← θ − η g / (√h + ε)", and computes it."""

import re

import numpy as np

TOKEN = re.compile(r"sign\(|\d+|[^\W\d_]\u0302?[₁₂]?|[²ᵗ]|[()√/+−]")


class Formula:
    """Left-to-right arithmetic with implied products: "η g / s" is (η g) / s, "√h" the root of h alone."""

    def __init__(self, text: str):
        self.tokens = TOKEN.findall(text)
        assert "".join(self.tokens) == text.replace(" ", ""), text
        self.place = 0

    def value(self, names: dict[str, object]):
        self.names = names
        result = self._sum()
        assert self.place == len(self.tokens), self.tokens[self.place :]
        return result

    def _next(self) -> str:
        return self.tokens[self.place] if self.place < len(self.tokens) else ""

    def _take(self) -> str:
        self.place += 1
        return self.tokens[self.place - 1]

    def _sum(self):
        result = -self._product() if self._next() == "−" and self._take() else self._product()
        while self._next() in ("+", "−"):
            result = result + self._product() if self._take() == "+" else result - self._product()
        return result

    def _product(self):
        result = self._power()
        while self._next() not in ("", "+", "−", ")"):
            result = (
                result / self._power() if self._next() == "/" and self._take() else result * self._power()
            )
        return result

    def _power(self):
        result = self._atom()
        while self._next() in ("²", "ᵗ"):
            result = result**2 if self._take() == "²" else result ** self.names["t"]
        return result

    def _atom(self):
        token = self._take()
        if token == "√":
            return np.sqrt(self._atom())
        if token == "(":
            result = self._sum()
            assert self._take() == ")"
            return result
        if token == "sign(":
            inside = self._sum()
            assert self._take() == ")"
            return np.sign(inside)
        return float(token) if token[0].isdigit() else self.names[token]


def compute(lines: list[str], names: dict[str, object]) -> None:
    """Do one update: each line "name ← expression" or "name = expression" changes `names`."""
    for line in lines:
        # What a symbol stands for may follow its line: "s = √v̂ + ε,  v̂ = v / (1 − β₂ᵗ)".
        for part in reversed(re.split(r",  ", line)):
            name, expression = re.split(r" [←=] ", part.strip())
            names[name] = Formula(expression).value(names)
