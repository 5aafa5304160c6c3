"""Values in words, so short that a sentence can hold them."""

from collections.abc import Mapping
from datetime import date, datetime
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

    def repr_ndarray(self, value: np.ndarray, level: int) -> str:
        return f"an array of shape {value.shape}" if value.ndim > 1 else self.repr1(value.tolist(), level)

    repr_datetime = repr_time = repr_timedelta = repr_date


_SHORT = _Short()


def brief(value: Any) -> str:
    """A plain value, or an array, as Python writes it, but short."""
    text = _SHORT.repr(value)
    return text if len(text) <= MOST_SHOWN else f"{text[: MOST_SHOWN - 1]}…"


def shown(data: Carried) -> str:
    """The value that travels, likewise."""
    if is_note(data):
        return repr(plain(data))
    return brief(data if isinstance(data, np.ndarray) else plain(data))


def named(data: Carried) -> str:
    """The value, with its kind where it may be taken for another."""
    value = plain(data)
    kind = {int: "number", float: "number", complex: "number", str: "text", date: "date", datetime: "datetime"}
    return f"the {kind[type(value)]} {shown(data)}" if type(value) in kind else shown(data)


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
