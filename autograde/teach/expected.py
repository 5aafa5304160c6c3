"""The mistakes to expect in a lesson, the class's own first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import chain, zip_longest
from pathlib import Path

from autograde.errors import UsageError
from autograde.grading.graded_assignments import graded_assignment
from autograde.grading.whole_class import read_class
from autograde.report.gather import gather
from descentlab.exercises.catalogue import Mistake, mistakes

MOST = 5


def class_counts(course: Path, assignment: str) -> Counter[str]:
    """How often each known mistake was made in what is graded; empty where nothing is."""
    try:
        with graded_assignment(course, assignment) as (opened, gradebook, key):
            rows = gather(read_class(opened, gradebook, key)).rows
    except UsageError:
        return Counter()
    return sum((row.mistakes for row in rows), Counter())


def expected_mistakes(checks: Sequence[str], counts: Counter[str]) -> list[tuple[Mistake, int]]:
    """At most five known mistakes of these checks, with how often the class made each.

    The class's most frequent come first. Where these are fewer, or there is no class yet, one of each check
    in turn, in the catalogue's order.
    """
    in_turn = [one for one in chain(*zip_longest(*map(mistakes, checks))) if one]
    made = sorted((one for one in in_turn if counts[one.id]), key=lambda one: -counts[one.id])
    others = [one for one in in_turn if not counts[one.id]]
    return [(one, counts[one.id]) for one in [*made, *others][:MOST]]
