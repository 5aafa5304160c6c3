"""Where an answer first leaves the reference."""

from __future__ import annotations

from dataclasses import dataclass


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
