"""The report over a term: every assignment, a line a student, and how the class is distributed."""

from dataclasses import dataclass
from pathlib import Path

from autograde.course.answer_key import read_key
from autograde.course.course import Course
from autograde.course.gradebook import SharedGradebook
from autograde.course.results import GRADED, MISSING, Result
from autograde.files import put_where_asked
from autograde.pages.class_numbers import histogram, summary
from autograde.pages.render import render_page, stylesheet
from autograde.pages.students_shown import Shown, anonymous
from autograde.people.class_results import (
    bring_penalties_up_to_date,
    graded_course,
    nothing_graded_at_all,
    read_class,
)
from autograde.scores import counted


@dataclass(frozen=True)
class Assignment:
    """One column: its results by student, the points so far and the most of them, and who handed in when."""

    name: str
    max_score: float
    results: dict[str, Result]
    so_far: dict[str, tuple[float, float]]
    missing: int
    late: int

    @property
    def final(self) -> int:
        """How many have a final score: an answer that waits for a person is no 0."""
        return sum(one.score is not None and not one.pending_manual for one in self.results.values())

    @property
    def shares(self) -> list[float]:
        """Of each submission the percentage of the points that are graded so far."""
        return [100 * got / most for got, most in self.so_far.values() if most]


@dataclass(frozen=True)
class TermLine:
    """One student: of each assignment the result or None, and the points of what is graded so far."""

    student: str
    results: list[Result | None]
    earned: float
    possible: float

    @property
    def share(self) -> float:
        """Of the points that are graded so far, from 0 to 1 (more with extra credit)."""
        return self.earned / self.possible if self.possible else 0.0


@dataclass(frozen=True)
class Term:
    """All that the page shows."""

    assignments: list[Assignment]
    lines: list[TermLine]
    names: dict[str, str]


def so_far(result: Result) -> tuple[float, float]:
    """The points of a submission in what is graded, and the most of them."""
    if result.status != GRADED:
        return 0.0, 0.0
    graded = [cell for cell in result.cells if cell.score is not None]
    earned = sum(cell.score or 0.0 for cell in graded) - result.penalty
    return max(0.0, earned), sum(cell.max_score for cell in graded)


def read_term(course_dir: Path) -> tuple[Course, Term]:
    """Every assignment of which something is graded.

    Raises:
        UsageError: no course there, or nothing is graded in it.
    """
    names: dict[str, str] = {}
    with graded_course(course_dir) as (course, gradebook):
        bring_penalties_up_to_date(course, gradebook)
        # One without a notebook was announced in formgrader, and is not released yet.
        every = sorted(assignment.name for assignment in gradebook.assignments if assignment.notebooks)
        assignments = [_read(course, gradebook, name, names) for name in every]
        assignments = [one for one in assignments if one.results]
        if not assignments:
            raise nothing_graded_at_all(course, gradebook)
    return course, Term(assignments, [_line(who, assignments) for who in sorted(names)], names)


def write_report(course_dir: Path, out: Path | None, hidden: bool) -> tuple[list[str], Path]:
    """Write the page on the term; the lines that a terminal shows, and the page's path."""
    course, term = read_term(course_dir)
    path = out or course.root / f"report-term{'-anonymous' if hidden else ''}.html"
    students = [line.student for line in term.lines]
    shown = anonymous(students, course) if hidden else Shown(term.names)
    put_where_asked(path, render_term(term, shown).encode("utf-8", "replace"))
    return [f"{counted(len(term.assignments), 'assignment')}, {counted(len(students), 'student')}"], path


def render_term(term: Term, shown: Shown) -> str:
    """The page."""
    shares = [100 * line.share for line in term.lines if line.possible]
    bars = histogram(shares, 100.0)
    return render_page(
        "pages/term_report.html.j2",
        stylesheet("report.css"),
        term=term,
        shown=shown,
        summary=summary(shares),
        bars=bars,
        largest=max((count for _, count in bars), default=1) or 1,
        summary_of=lambda one: summary(one.shares),
        graded=GRADED,
    )


def _read(course: Course, gradebook: SharedGradebook, name: str, names: dict[str, str]) -> Assignment:
    whole = read_class(course, gradebook, read_key(gradebook, name))
    results = {result.student: result for result in whole.results() if result.status != MISSING}
    listed = {*results, *whole.missing}
    names.update({student: whole.person(student).full_name for student in listed})
    late = sum(result.is_late for result in results.values())
    points_so_far = {student: so_far(result) for student, result in results.items()}
    return Assignment(name, whole.key.max_score, results, points_so_far, len(whole.missing), late)


def _line(student: str, assignments: list[Assignment]) -> TermLine:
    results = [one.results.get(student) for one in assignments]
    earned = possible = 0.0
    for one, result in zip(assignments, results, strict=True):
        if result is None:
            possible += one.max_score  # not handed in: nothing of it
        else:
            got, most = one.so_far[student]
            earned, possible = earned + got, possible + most
    return TermLine(student, results, earned, possible)
