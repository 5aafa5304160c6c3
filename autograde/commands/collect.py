"""`autograde collect`: submissions from where they were handed in."""

from __future__ import annotations

from pathlib import Path

import typer

from autograde import arguments
from autograde.commands import app
from autograde.roles import needs


@app.command("collect", cls=needs("grader"))
def collect_command(
    assignment: arguments.Assignment,
    source: arguments.SubmissionsSource = None,
    match: arguments.SenderIds = None,
    update: arguments.ReplaceCollected = False,
    course_dir: arguments.CourseDir = Path("."),
) -> None:
    """Put what students handed in for ASSIGNMENT where `autograde grade` looks: submitted/ID/ASSIGNMENT.

    Files are matched to the roster by id, LMS id, address or name, where exactly one fits; all others are
    listed and stay where they are. A folder holds a folder a student, files named ID.ipynb, or an unpacked
    zip.

    Example:  autograde collect 06-adam submissions.zip

    Exit status: 0 all collected; 1 something was not, and is named; 2 nothing was.
    """
    from autograde.collect.assignment import collect_assignment

    lines, left = collect_assignment(course_dir, assignment, source, match or [], update)
    for line in lines:
        typer.echo(line)
    for line in left:
        typer.echo(line, err=True)
    raise typer.Exit(1 if left else 0)
