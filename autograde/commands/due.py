"""`autograde due`: when assignments are due."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from autograde.arguments import CourseDir
from autograde.commands import app
from autograde.roles import needs


@app.command("due", cls=needs("grader"))
def due_command(
    assignment: Annotated[
        str | None, typer.Argument(help="An assignment's name, e.g. 06-adam.", show_default="show all")
    ] = None,
    when: Annotated[
        str | None,
        typer.Argument(help='"2026-11-20 23:59", in this machine\'s zone or the one that is named.'),
    ] = None,
    never: Annotated[bool, typer.Option("--never", help="Take the due date away.")] = False,
    course_dir: CourseDir = Path("."),
) -> None:
    """Show when assignments are due, or say when ASSIGNMENT is.

    What was graded already gets the new penalties at once; no student's code runs. A penalty is off until
    nbgrader_config.py sets one: c.LatePenalty.percent_per_day = 10.

    Example:  autograde due 06-adam "2026-11-20 23:59 Europe/Berlin"
    """
    from autograde.grading.late_submissions import set_due_date, show_due_dates
    from autograde.grading.open_gradebook import course_gradebook
    from autograde.stopping import stop, stopping
    from descentlab.sentences import say

    if assignment and (when is None) != never:
        stop("due", say("say when {assignment} is due, or --never.", assignment=assignment))
    with stopping("due"), course_gradebook(course_dir) as (course, gradebook):
        if assignment is None:
            lines = show_due_dates(course, gradebook)
        else:
            lines = set_due_date(course, gradebook, assignment, when)
        for line in lines:
            typer.echo(line)
