"""A lesson's plan for those who teach it, on one page without scripts."""

from collections import Counter
from collections.abc import Sequence
from itertools import chain, zip_longest
from pathlib import Path

from nbformat import NotebookNode

from autograde.course.course import Course
from autograde.course.open_gradebook import has_gradebook
from autograde.course.points import check_cells
from autograde.course.scores import is_anybody_graded
from autograde.pages.class_numbers import gather
from autograde.pages.lesson_outline import Answered, Section, left_out, sections_of
from autograde.pages.render import render_page
from autograde.people.class_results import graded_course, key_of_graded, read_class
from descentlab.exercises.catalogue import Mistake, mistakes

HOURS = (45, 90)
MOST_MISTAKES = 5
STYLE = """
h2 { display: block; margin: 2rem 0 .6rem; font-size: 1.25rem; }
table { width: 100%; } td, th { vertical-align: top; text-align: left; } .number { text-align: right; }
"""


def render(assignment: str, notebook: NotebookNode, answered: list[Answered], counts: Counter[str]) -> str:
    """The page of a complete lesson; `counts` says how often a class made each known mistake."""
    sections = sections_of(notebook)
    return render_page(
        "pages/lesson_plan.html.j2",
        STYLE,
        assignment=assignment,
        sections=sections,
        timed=_minutes(sections),
        plans=[(hour, left_out(sections, hour), _fits(sections, hour)) for hour in HOURS],
        predictions=[(_place(sections, one), one) for one in answered],
        mistakes=expected_mistakes([cell.check for cell in check_cells(notebook)], counts),
        of_a_class=bool(counts),
    )


def _minutes(sections: list[Section]) -> int:
    return sum(section.minutes or 0 for section in sections)


def _fits(sections: list[Section], hour: int) -> int:
    """The minutes that are left when as much as may go has gone."""
    return _minutes(sections) - _minutes(left_out(sections, hour))


def _place(sections: list[Section], prediction: Answered) -> str:
    return next((section.title for section in sections if prediction.name in section.predictions), "")


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

    The class's most frequent come first, then one of each check in turn, in the catalogue's order.
    """
    in_turn = [one for one in chain(*zip_longest(*map(mistakes, checks))) if one]
    made = sorted((one for one in in_turn if counts[one.id]), key=lambda one: -counts[one.id])
    others = [one for one in in_turn if not counts[one.id]]
    return [(one, counts[one.id]) for one in [*made, *others][:MOST_MISTAKES]]
