"""A score as people write it, in every output alike."""

from __future__ import annotations

from descentlab.sentences import say


def points(number: float | None) -> str:
    """At most two digits after the point, and none that are zero; a dash where there is no score."""
    return "–" if number is None else f"{number:.2f}".rstrip("0").rstrip(".")


def score_of(score: float | None, maximum: float) -> str:
    """A score and what it is out of."""
    return say("{score} of {maximum}", score=points(score), maximum=points(maximum))
