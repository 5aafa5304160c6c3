"""What is computed of a short text is remembered: most cells are everybody's, written by the instructor."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import TypeVar

SHORT = 4_000  # characters
REMEMBERED = 1_000  # texts
Value = TypeVar("Value")


def remembers_short(function: Callable[[str], Value]) -> Callable[[str], Value]:
    """The same function of a text, asked once for each of the newest short ones."""
    remembering = lru_cache(REMEMBERED)(function)

    @wraps(function)
    def asked_once(text: str) -> Value:
        return remembering(text) if len(text) <= SHORT else function(text)

    return asked_once
