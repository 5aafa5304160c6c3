"""Values in words, so short that a sentence can hold them."""

from collections.abc import Mapping
from reprlib import Repr
from typing import Any

import numpy as np

from verdicts.values.kind import NONE, Carried, Mismatch, held_in, is_note, kind_of, plain

MOST_SHOWN = 80
MOST_DIGITS = 4_000  # Python writes no whole number that is much longer


class _Short(Repr):
    """Python's own words for a value, cut in the middle, or behind some entries."""

    def __init__(self) -> None:
        super().__init__()
        self.maxlevel = 3
        self.maxlist = self.maxtuple = self.maxset = self.maxdict = 6
        self.maxstring = self.maxlong = self.maxother = 40

    def repr_int(self, value: int, level: int) -> str:
        bits = value.bit_length()
        return f"a whole number of {bits} bits" if bits > MOST_DIGITS else super().repr_int(value, level)

    def repr_float(self, value: float, level: int) -> str:
        return f"{value:.6g}"

    def repr_date(self, value: Any, level: int) -> str:
        return str(value)

    repr_datetime = repr_time = repr_timedelta = repr_date


_short = _Short().repr


def shown(data: Carried) -> str:
    """The value, as Python writes it."""
    if isinstance(data, np.ndarray) and data.ndim > 1:
        return f"an array of shape {data.shape}"
    text = repr(plain(data)) if is_note(data) else _short(plain(data))
    return text if len(text) <= MOST_SHOWN else f"{text[: MOST_SHOWN - 1]}…"


def named(data: Carried) -> str:
    """The value, with its kind where it may be taken for another."""
    value = plain(data)
    kind = {int: "the number ", float: "the number ", complex: "the number ", str: "the text "}
    return kind.get(type(value), "") + shown(data)


def called(data: Carried) -> str:
    """What such a value is called."""
    held = held_in(data)
    if isinstance(data, np.ndarray):
        if data.dtype.kind == "b":
            return "True or False"
        return f"an array of shape {data.shape}" if data.shape else "a number"
    if data == NONE:
        return "None"
    tag = kind_of(data).tag
    if tag in ("str", "int"):
        return "a text in quotes" if tag == "str" else "a number"
    return f"a {tag} of length {len(held)}" if isinstance(held, Mapping | list) else f"a {tag}"


def told(found: Mismatch) -> str:
    """What is said of a mismatch."""
    verb = "yours is" if found.path else "you return"
    return found.words or f"{verb} {named(found.actual)}, expected {named(found.expected)}"
