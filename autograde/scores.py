"""Scores and counts as people write them."""

from collections.abc import Sequence

from autograde.untrusted.names import printable

MOST_NAMED = 10


def points(number: float | None) -> str:
    """At most two digits after the point, and none that are zero; a dash where there is no score."""
    return "–" if number is None else f"{number:.2f}".rstrip("0").rstrip(".")


def score_of(score: float | None, maximum: float) -> str:
    """A score and what it is out of."""
    return f"{points(score)} of {points(maximum)}"


def counted(count: int, noun: str) -> str:
    """A count and its noun: `1 page`, `2 pages`."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def manual_in_words(count: int) -> str:
    """`1 answer needs manual grading`, `2 answers need manual grading`."""
    return f"{counted(count, 'answer')} {'needs' if count == 1 else 'need'} manual grading"


def named(students: Sequence[str], most: int = MOST_NAMED) -> str:
    """Students' ids with commas: the first ones and how many more."""
    more = len(students) - most
    return ", ".join(map(printable, students[:most])) + (f" and {more} more" if more > 0 else "")
