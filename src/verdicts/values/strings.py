"""Texts, bytes, and what else is carried as a text."""

from collections.abc import Callable
from itertools import takewhile
from typing import Any

import numpy as np

from verdicts.values.kind import SURROGATE, Inner, Kind, Mismatch, NotCarriedError, Pair
from verdicts.values.words import shown

MAX_TEXT = 2_000
"""Characters of one text; a longer one is carried in pieces."""
BEFORE = 8
"""Characters that are shown before the first that differs."""


def pieces(text: str) -> list[str]:
    """The text, in pieces that evidence holds."""
    return [text[start : start + MAX_TEXT] for start in range(0, len(text), MAX_TEXT)]


class Pieces(Kind):
    """What is carried as a text, in pieces; equal if the texts are."""

    def __init__(
        self, tag: str, *types: type, write: Callable[[Any], str], read: Callable[[str], Any]
    ) -> None:
        super().__init__(tag, *types)
        self.write, self.read = write, read

    def hold(self, value: Any, inner: Inner) -> Any:
        return pieces(self.write(value))

    def make(self, held: Any, inner: Inner) -> Any:
        value = self.read("".join(held))
        if [*held] != self.hold(value, inner):
            raise ValueError("another text than is written")
        return value

    def first(self, actual: Any, expected: Any, pair: Pair) -> Mismatch | None:
        if actual == expected:
            return None
        return pair.differ(f"yours {shown(pair.actual)}, expected {shown(pair.expected)}")


class _Text(Kind):
    def hold(self, value: Any, inner: Inner) -> Any:
        if SURROGATE.search(value):
            raise NotCarriedError(" with half of a surrogate pair")
        return str(value) if len(value) <= MAX_TEXT else pieces(str(value))

    def make(self, held: Any, inner: Inner) -> Any:
        return "".join(held)

    def first(self, actual: Any, expected: Any, pair: Pair) -> Mismatch | None:
        mine, right = "".join(actual), "".join(expected)
        return None if pair.rules.same_text(mine, right) else pair.differ(_difference(mine, right))


def _difference(mine: str, right: str) -> str:
    """The words for two texts: what alone differs, and where long ones begin to."""
    but = ""
    if mine.casefold() == right.casefold():
        but = "right but for upper and lower case: "
    elif "".join(mine.split()) == "".join(right.split()):
        but = "right but for blanks: "
    alike = takewhile(lambda pair: pair[0] == pair[1], zip(mine, right, strict=False))
    start = max(sum(1 for _ in alike) - BEFORE, 0)
    if start and shown(mine) != repr(mine):
        but += f"from character {start + 1} on "
        mine, right = mine[start:], right[start:]
    return f"{but}yours {shown(mine)}, expected {shown(right)}"


Pieces("bytes", bytes, bytearray, write=lambda value: bytes(value).hex(), read=bytes.fromhex)
_Text("str", str, np.str_, native=(str,))
