"""`autograde feedback`: the pages that students get back."""

from __future__ import annotations

import os
from pathlib import Path

import typer

from autograde.arguments import Assignment, CourseDir, Jobs, Students, ThroughExchange
from autograde.commands import app
from autograde.roles import needs
from descentlab.sentences import say, say_count


@app.command("feedback", cls=needs("grader"))
def feedback_command(
    assignment: Assignment,
    course_dir: CourseDir = Path("."),
    student: Students = None,
    exchange: ThroughExchange = False,
    jobs: Jobs = None,
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
    if pages.without:
        sentence = "no page, as stock nbgrader graded it: {students}. `autograde grade {assignment}` first"
        typer.echo(say(sentence, students=", ".join(pages.without), assignment=assignment), err=True)
    if waiting:
        sentence = "with an answer that waits for a person: {count}. Type this again when it is graded"
        typer.echo(say(sentence, count=len(waiting)))
    if written:
        typer.echo(say("for example {page}", page=written[0].path))


def _say_written(count: int, fresh: int) -> None:

    typer.echo(
        say_count(
            "{count} page, new or changed: {fresh}",
            "{count} pages, new or changed: {fresh}",
            count,
            fresh=fresh,
        )
    )


def _say_released(released: list[str], left_out: list[str]) -> None:
    from autograde.roster.naming import named

    typer.echo(
        say_count(
            "{count} student can fetch feedback from the exchange",
            "{count} students can fetch feedback from the exchange",
            len(released),
        )
    )
    if left_out:
        typer.echo(
            say(
                "not through the exchange, as they did not hand in there: {students}",
                students=named(left_out),
            ),
            err=True,
        )
