"""`autograde extend`: more time for some students."""

from __future__ import annotations

from pathlib import Path

import typer

from autograde import arguments
from autograde.commands import app
from autograde.errors import UsageError
from autograde.roles import needs


@app.command("extend", cls=needs("grader"))
def extend_command(
    assignment: arguments.AssignmentOrAll,
    students: arguments.StudentIds,
    days: arguments.ExtraDays = 0.0,
    hours: arguments.ExtraHours = 0.0,
    until: arguments.ExtendedUntil = None,
    take_back: arguments.TakeBack = False,
    course_dir: arguments.CourseDir = Path("."),
) -> None:
    """Give STUDENTS more time for ASSIGNMENT, in place of what they had.

    Also before they hand in. What was graded already gets the new penalties at once; no student's code runs.

    Example:  autograde extend 06-adam s05 s07 --days 3
    """
    from autograde.grading.late_submissions import extend
    from autograde.grading.open_gradebook import course_gradebook

    if sum((days + hours > 0, until is not None, take_back)) != 1:
        raise UsageError.say("give one of --days or --hours, --until, --take-back.")
    with course_gradebook(course_dir) as (course, gradebook):
        hours_more = None if take_back or until else 24 * days + hours
        for line in extend(course, gradebook, assignment, students, hours_more, until):
            typer.echo(line)
