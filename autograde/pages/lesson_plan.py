"""A lesson for those who teach it: its plan on one page without scripts, or its slides.

The slides are headings, predictions, figures, and cells tagged `slide`. A cell is tagged in the lesson's text:
`python tags=["slide"]` after the fence, or for words `<!-- #region tags=["slide"] -->` around them. A section
begins a slide to the right; what belongs to it comes below.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, zip_longest
from pathlib import Path
from typing import Any

from nbconvert import SlidesExporter
from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell, new_notebook
from traitlets.config import Config

from autograde.course.course import Course
from autograde.course.gradebook import has_gradebook
from autograde.course.release_steps import check_cells, core_cells
from autograde.course.submission_rows import graded_students
from autograde.course.versions import fields_of
from autograde.pages.class_numbers import gather
from autograde.pages.render import render_page, stylesheet
from autograde.people.class_results import graded_course, key_of_graded, read_class
from descentlab.checks.courses import KnownMistake, content

HEADING = re.compile(r"^## (?P<title>.+?)(?: \((?P<minutes>\d+) min\))?\s*$", re.MULTILINE)
SLIDE_HEADING = re.compile(r"^##? (?!Optional|Sources).*", re.MULTILINE)
PREDICTION = re.compile(r"\bpredict\(\s*[\"']([^\"']+)")
HOURS = (45, 90)
MOST_MISTAKES = 5
SLIDE, WITHOUT_CODE = "slide", "without-code"  # tags
RIGHT, DOWN = "slide", "subslide"  # nbconvert's words for where a slide is

Prediction = dict[str, Any]  # name, question, choices, and the answer that the lesson measured


@dataclass
class LessonSection:
    """A `##` section; without minutes it is optional, or the sources."""

    title: str
    minutes: int | None
    core: bool = True
    points: float = 0.0
    predictions: list[str] = field(default_factory=list)
    """By name, as `predict` has them."""


def sections_of(notebook: NotebookNode) -> list[LessonSection]:
    """The sections of a complete lesson, in order."""
    sections: list[LessonSection] = []
    core = len(core_cells(notebook.cells))
    for number, cell in enumerate(notebook.cells):
        if cell.cell_type == "markdown":
            for heading in HEADING.finditer(cell.source):
                minutes = int(heading["minutes"]) if heading["minutes"] else None
                sections.append(LessonSection(heading["title"].replace("$", ""), minutes, number < core))
        if sections:
            sections[-1].points += fields_of(cell).get("points", 0)
            if cell.cell_type == "code":
                sections[-1].predictions += PREDICTION.findall(cell.source)
    return sections


def left_out(sections: Iterable[LessonSection], minutes: int) -> list[LessonSection]:
    """What may be left out so that the rest fits, in the lesson's order.

    Optional sections go first, then those outside the core. Of these those with the fewest points go first, of these
    the longest: their points become homework. The first section, which shows the problem, and the last, which asks what
    was learned, stay.
    """
    timed = [section for section in sections if section.minutes is not None]
    out: list[LessonSection] = []
    spare = minutes - total_minutes(timed)
    for section in sorted(timed[1:-1], key=lambda section: (section.core, section.points, -section.minutes)):
        if spare >= 0:
            break
        out.append(section)
        spare += section.minutes
    for section in reversed(list(out)):  # a long one that went may leave room for short ones
        if section.minutes <= spare:
            out.remove(section)
            spare -= section.minutes
    return [section for section in timed if section in out]


def total_minutes(sections: Iterable[LessonSection]) -> int:
    """The minutes of sections; optional ones have none."""
    return sum(section.minutes or 0 for section in sections)


def plan(assignment: str, notebook: NotebookNode, predictions: list[Prediction], counts: Counter[str]) -> str:
    """The page of a lesson that has run; `counts` says how often a class made each known mistake."""
    sections = sections_of(notebook)
    expected = expected_mistakes([cell.check for cell in check_cells(notebook)], counts)
    return render_page(
        "pages/lesson_plan.html.j2",
        stylesheet("report.css"),
        assignment=assignment,
        sections=sections,
        total_minutes=total_minutes,
        plans=[(hour, left_out(sections, hour)) for hour in HOURS],
        predictions=predictions,
        mistakes=expected,
        of_a_class=any(count for _, count in expected),
    )


def class_counts(course_dir: Path, assignment: str) -> Counter[str]:
    """How often each known mistake was made in what is graded; empty where nothing is.

    Raises:
        UsageError: the course or its gradebook cannot be opened.
    """
    if not has_gradebook(Course.open(course_dir)):
        return Counter()
    with graded_course(course_dir, assignment) as (course, gradebook):
        if not graded_students(gradebook, assignment):
            return Counter()
        rows = gather(read_class(course, gradebook, key_of_graded(course, gradebook, assignment))).rows
    return Counter(mistake for row in rows for (mistake, _), read in row.wrong.items() for _ in read)


def expected_mistakes(checks: Sequence[str], counts: Counter[str]) -> list[tuple[KnownMistake, int]]:
    """At most five known mistakes of these checks, with how often the class made each.

    The class's most frequent come first, then one of each check in turn, in the catalogue's order.
    """
    in_turn = [one for one in chain(*zip_longest(*map(content().mistakes, checks))) if one]
    in_turn.sort(key=lambda one: -counts[one.id])
    return [(one, counts[one.id]) for one in in_turn[:MOST_MISTAKES]]


def slides(notebook: NotebookNode, predictions: list[Prediction], reveal: str | None = None) -> str:
    """One HTML file; `reveal` is where reveal.js lies, or nbconvert's own address on the web."""
    config = Config()
    config.TagRemovePreprocessor.enabled = True
    config.TagRemovePreprocessor.remove_input_tags = {WITHOUT_CODE}
    if reveal:
        config.SlidesExporter.reveal_url_prefix = reveal
    asked = {prediction["name"]: prediction for prediction in predictions}
    shown = []
    for place, cell, tags in chain.from_iterable(_slides_of(cell, asked) for cell in notebook.cells):
        shown.append(cell.copy())
        shown[-1].metadata = NotebookNode(slideshow={"slide_type": place}, tags=tags)
    body, _ = SlidesExporter(config=config).from_notebook_node(
        new_notebook(cells=shown, metadata=notebook.metadata)
    )
    return body


def _slides_of(
    cell: NotebookNode, asked: dict[str, Prediction]
) -> Iterator[tuple[str, NotebookNode, list[str]]]:
    """What is shown of a cell: its place among the slides, the cell, and its tags."""
    is_marked = SLIDE in cell.metadata.get("tags", ())
    names = [name for name in PREDICTION.findall(cell.source) if name in asked]
    if cell.cell_type == "markdown":
        if is_marked:
            place = RIGHT if cell.source.lstrip().startswith(("# ", "## ")) else DOWN
            yield place, cell, []
        else:
            for line in SLIDE_HEADING.findall(cell.source):
                yield RIGHT, new_markdown_cell(line), []
    elif names:
        for question, choices in ((asked[name]["question"], asked[name]["choices"]) for name in names):
            listed = "\n".join(f"- {choice}" for choice in choices)
            yield DOWN, new_markdown_cell(f"### Predict\n\n{question}\n\n{listed}".rstrip()), []
    elif is_marked:
        yield DOWN, cell, []
    elif any("<img" in output.get("data", {}).get("text/html", "") for output in cell.get("outputs", ())):
        yield DOWN, cell, [WITHOUT_CODE]
