"""The mistakes to expect in a lesson, the class's own first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import chain, zip_longest
from pathlib import Path

from autograde.grading.course import Course
from autograde.grading.graded_assignments import graded_course, key_of_graded
from autograde.grading.open_gradebook import has_gradebook
from autograde.grading.scores import is_anybody_graded
from autograde.grading.whole_class import read_class
from autograde.report.gather import gather
from descentlab.exercises.catalogue import Mistake, mistakes

MOST = 5


def class_counts(course_dir: Path, assignment: str) -> Counter[str]:
    """How often each known mistake was made in what is graded; empty where nothing is.

    Raises:
        UsageError: the course or its gradebook cannot be opened.
    """
    if not has_gradebook(Course.open(course_dir)):
        return Counter()
    with graded_course(course_dir, assignment) as (course, gradebook):
        if not is_anybody_graded(gradebook, assignment):
            return Counter()
        key = key_of_graded(course, gradebook, assignment)
        rows = gather(read_class(course, gradebook, key)).rows
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
