"""`autograde feedback`: the pages that students get back."""

from __future__ import annotations

from pathlib import Path

import typer

from autograde.arguments import Assignment, CourseDir, Students
from autograde.commands import app
from autograde.roles import needs


@app.command("feedback", cls=needs("grader"))
def feedback_command(
    assignment: Assignment,
    course_dir: CourseDir = Path("."),
    student: Students = None,
) -> None:
    """Write a feedback page for every graded submission of ASSIGNMENT, as feedback/STUDENT/ASSIGNMENT/*.html.

    Example:  autograde feedback 06-adam
    """
    from rich.progress import track

    from autograde.feedback.write import without_page, write_feedback
    from autograde.grading.graded_assignments import graded_assignment
    from autograde.stopping import stopping
    from descentlab.sentences import say, say_count

    with stopping("feedback"), graded_assignment(course_dir, assignment, student) as (course, gradebook, key):
        pages = write_feedback(course, gradebook, key, student)
        written = list(track(pages, say("writing pages"), transient=True))
        left_out = without_page(gradebook, key)
    fresh = sum(page.fresh for page in written)
    typer.echo(
        say_count(
            "{count} page, new or changed: {fresh}",
            "{count} pages, new or changed: {fresh}",
            len(written),
            fresh=fresh,
        )
    )
    if left_out:
        typer.echo(
            say(
                "no page, as stock nbgrader graded it: {students}. `autograde grade {assignment}` first",
                students=", ".join(left_out),
                assignment=assignment,
            ),
            err=True,
        )
    if written:
        typer.echo(say("for example {page}", page=written[0].path))
