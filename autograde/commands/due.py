"""`autograde due`: when assignments are due."""

from __future__ import annotations

from pathlib import Path

import typer

from autograde import arguments
from autograde.commands import app
from autograde.errors import UsageError
from autograde.roles import needs


@app.command("due", cls=needs("grader"))
def due_command(
    assignment: arguments.AssignmentToShow = None,
    when: arguments.DueDate = None,
    never: arguments.NeverDue = False,
    course_dir: arguments.CourseDir = Path("."),
) -> None:
    """Show when assignments are due, or say when ASSIGNMENT is.

    What was graded already gets the new penalties at once; no student's code runs. A penalty is off until
    nbgrader_config.py sets one: c.LatePenalty.percent_per_day = 10.

    Example:  autograde due 06-adam "2026-11-20 23:59 Europe/Berlin"
    """
    from autograde.grading.late_submissions import set_due_date, show_due_dates
    from autograde.grading.open_gradebook import course_gradebook

    if never and assignment is None:
        raise UsageError.say("--never: say which assignment is never due.")
    if assignment and (when is None) != never:
        raise UsageError.say("say when {assignment} is due, or --never.", assignment=assignment)
    with course_gradebook(course_dir) as (course, gradebook):
        if assignment is None:
            lines = show_due_dates(course, gradebook)
        else:
            lines = set_due_date(course, gradebook, assignment, when)
        for line in lines:
            typer.echo(line)
