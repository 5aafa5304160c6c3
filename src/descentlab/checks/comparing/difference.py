"""Where an answer first leaves the reference."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

Kind = Literal["", "missing", "no array", "shape", "dtype"]


@dataclass(frozen=True)
class Difference:
    """Where an answer first leaves the reference, and by how much."""

    probe: str
    message: str
    call: int | None = None
    """Counted from 1; None where the answer is not a sequence of calls."""
    key: str | None = None
    index: tuple[int, ...] | None = None
    """The first coordinate of the array that differs."""
    ratio: float | None = None
    """The answer's step over the expected one, where that is one number for the whole call."""


def kind_of_difference(actual: Any, expected: np.ndarray) -> Kind:
    """What forbids to compare an array's numbers with the expected ones; empty where nothing does."""
    if actual is None:
        return "missing"
    if not isinstance(actual, np.ndarray):
        return "no array"
    if actual.shape != expected.shape:
        return "shape"
    return "dtype" if actual.dtype != expected.dtype else ""
