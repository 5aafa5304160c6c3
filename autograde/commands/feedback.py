"""`autograde feedback`: the pages that students get back."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from autograde import arguments
from autograde.commands import app
from autograde.roles import needs
from autograde.telling import tell, tell_count, warn
from descentlab.sentences import say, template

if TYPE_CHECKING:
    from autograde.feedback.write import Pages
    from autograde.grading.course import Course
    from autograde.grading.gradebook import SharedGradebook

NAMED = 20
NO_PAGE_OF_STOCK = template(
    "no page, as stock nbgrader graded it: {students}. `autograde grade {assignment}` first"
)
NO_PAGE_WITHOUT_GRADE = template(
    "no page, as there is no grade: {students}. Why: autograde explain {assignment} {first}"
)
NO_PAGE_YET = template("no page, as it is not graded yet: {students}. `autograde grade {assignment}` first")
NO_PAGE_MISSING = template("no page, as nothing was handed in: {students}")


@app.command("feedback", cls=needs("grader"))
def feedback_command(
    assignment: arguments.Assignment,
    course_dir: arguments.CourseDir = Path("."),
    student: arguments.Students = None,
    exchange: arguments.ThroughExchange = False,
    jobs: arguments.Jobs = None,
) -> None:
    """Write a feedback page for every graded submission of ASSIGNMENT, as feedback/STUDENT/ASSIGNMENT/*.html.

    A page is one file that needs no network. Return the folders feedback/STUDENT, or say --exchange: students
    who handed in through nbgrader's exchange then type `nbgrader fetch_feedback ASSIGNMENT`.

    Example:  autograde feedback 06-adam
    """
    from rich.progress import track

    from autograde.feedback.through_exchange import release, require_course_id
    from autograde.feedback.write import pages_of, write_pages
    from autograde.grading.graded_assignments import graded_assignment
    from autograde.roster.naming import named

    with graded_assignment(course_dir, assignment, student) as (course, gradebook, key):
        require_course_id(course, exchange)
        pages = pages_of(course, gradebook, key, student)
        making = write_pages(pages, jobs or len(os.sched_getaffinity(0)))
        written = list(track(making, say("writing pages"), total=len(pages.jobs), transient=True))
        _say_written(len(written), sum(page.fresh for page in written))
        waiting = {job.student for job in pages.jobs if job.graded.result.pending_manual}
        if exchange:
            who = list(dict.fromkeys(page.student for page in written))
            _say_released(*release(course, assignment, who))
        absent = _not_graded(course, gradebook, assignment, pages) if student is None else {}
    without = {NO_PAGE_OF_STOCK: pages.without, NO_PAGE_WITHOUT_GRADE: pages.no_grade, **absent}
    _say_who_has_no_page(without, assignment)
    if waiting:
        sentence = "with an answer that waits for a person: {students}. Type this again when it is graded"
        tell(sentence, students=named(sorted(waiting)))
    if written:
        tell("for example {page}", page=written[0].path)


def _not_graded(
    course: Course, gradebook: SharedGradebook, assignment: str, pages: Pages
) -> dict[str, Sequence[str]]:
    """Who of the roster is not graded, and whose submission is gone, by what is said of them."""
    from autograde.grading.flag_messages import GONE_NEXT
    from autograde.grading.whole_class import gone_of, without_result
    from autograde.roster.people import read_roster

    known = {job.student for job in pages.jobs}.union(pages.without, pages.no_grade)
    missing, waiting = without_result(course, read_roster(gradebook) or {}, assignment, known)
    gone = sorted(gone_of(course, assignment, known))
    return {NO_PAGE_YET: waiting, NO_PAGE_MISSING: missing, GONE_NEXT: gone}


def _say_who_has_no_page(without: Mapping[str, Sequence[str]], assignment: str) -> None:
    from autograde.roster.naming import named

    for sentence, students in without.items():
        if students:
            values = {"students": named(students, NAMED), "first": students[0], "assignment": assignment}
            warn(sentence, **values)


def _say_written(count: int, fresh: int) -> None:
    tell_count(
        "{count} page, new or changed: {fresh}", "{count} pages, new or changed: {fresh}", count, fresh=fresh
    )


def _say_released(released: list[str], left_out: list[str]) -> None:
    from autograde.roster.naming import named

    tell_count(
        "{count} student can fetch feedback from the exchange",
        "{count} students can fetch feedback from the exchange",
        len(released),
    )
    if left_out:
        warn(
            "not through the exchange, as they did not hand in there: {students}",
            students=named(left_out),
        )
