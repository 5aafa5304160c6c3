"""`autograde extend`: more time for some students."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from autograde.arguments import CourseDir
from autograde.commands import app
from autograde.roles import needs


@app.command("extend", cls=needs("grader"))
def extend_command(
    assignment: Annotated[str, typer.Argument(help='An assignment\'s name, e.g. 06-adam, or "all".')],
    students: Annotated[list[str], typer.Argument(help="Their ids.")],
    days: Annotated[float, typer.Option(min=0, help="So many days after the due date.")] = 0.0,
    hours: Annotated[float, typer.Option(min=0, help="So many hours, beside the days.")] = 0.0,
    until: Annotated[
        str | None, typer.Option(help='"2026-11-25 23:59", in this machine\'s zone or the one that is named.')
    ] = None,
    take_back: Annotated[bool, typer.Option("--take-back", help="Take the extension away.")] = False,
    course_dir: CourseDir = Path("."),
) -> None:
    """Give STUDENTS more time for ASSIGNMENT, in place of what they had.

    Also before they hand in. What was graded already gets the new penalties at once; no student's code runs.

    Example:  autograde extend 06-adam s05 s07 --days 3
    """
    from autograde.grading.late_submissions import extend
    from autograde.grading.open_gradebook import course_gradebook
    from autograde.stopping import stop, stopping
    from descentlab.sentences import say

    if sum((days + hours > 0, until is not None, take_back)) != 1:
        stop("extend", say("give one of --days or --hours, --until, --take-back."))
    with stopping("extend"), course_gradebook(course_dir) as (course, gradebook):
        hours_more = None if take_back or until else 24 * days + hours
        for line in extend(course, gradebook, assignment, students, hours_more, until):
            typer.echo(line)
