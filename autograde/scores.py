"""A score as people write it, in every output alike."""

from __future__ import annotations


def points(number: float | None) -> str:
    """At most two digits after the point, and none that are zero; a dash where there is no score."""
    return "–" if number is None else f"{number:.2f}".rstrip("0").rstrip(".")
