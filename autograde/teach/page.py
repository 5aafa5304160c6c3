"""What a teacher wants to know before the hour, on one page without scripts."""

from __future__ import annotations

from collections import Counter

from nbformat import NotebookNode

from autograde.assignments.points import check_cells
from autograde.pages.render import render_page
from autograde.teach.expected import expected_mistakes
from autograde.teach.outline import Section, left_out, sections_of
from autograde.teach.rehearse import Answered

HOURS = (45, 90)
STYLE = """
h2 { display: block; margin: 2rem 0 .6rem; font-size: 1.25rem; }
table { width: 100%; } td, th { vertical-align: top; text-align: left; } .number { text-align: right; }
"""


def render(assignment: str, notebook: NotebookNode, answered: list[Answered], counts: Counter[str]) -> str:
    """The page of a complete lesson; `counts` says how often a class made each known mistake."""
    sections = sections_of(notebook)
    return render_page(
        "teach/page.html.j2",
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
