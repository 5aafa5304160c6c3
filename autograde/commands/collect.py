"""`autograde collect`: submissions from where they were handed in."""

from pathlib import Path
from typing import Annotated

import typer

from autograde.commands import HERE, Assignment, CourseDir, app, show
from autograde.errors import UsageError


@app.command("collect")
def collect_command(
    assignment: Assignment,
    source: Annotated[
        Path | None,
        typer.Argument(
            help="A zip as Canvas or Moodle packs it, or a folder.", show_default="nbgrader's exchange"
        ),
    ] = None,
    match: Annotated[
        list[str] | None,
        typer.Option(help="SENDER=ID: assign a submission that could not be matched. Can be repeated."),
    ] = None,
    update: Annotated[
        bool, typer.Option("--update", help="Overwrite notebooks that changed since the last collect.")
    ] = False,
    accept: Annotated[
        list[str] | None,
        typer.Option(
            help="Take this folder of the exchange regardless of its owner. Can be repeated.",
            metavar="FOLDER",
        ),
    ] = None,
    course_dir: CourseDir = HERE,
) -> None:
    """Collect submissions into submitted/ID/ASSIGNMENT.

    Files are matched to the roster by id, LMS id, address or name if exactly one student fits; the others are
    listed and left. A folder contains a folder per student, files named ID.ipynb, or an unpacked zip. From
    nbgrader's exchange only folders owned by the user with the student's id, or login, are taken.

    Example:  autograde collect 06-adam submissions.zip

    Exit status: 0 all collected; 1 something was not, and is listed; 2 nothing was.
    """
    from autograde.people.collect import collect_assignment
    from autograde.people.exchange import collect_exchange

    if source and accept:
        raise UsageError("--accept names a folder of the exchange: leave SOURCE out.")
    if source:
        lines, left = collect_assignment(course_dir, assignment, source, match or [], update)
    else:
        lines, left = collect_exchange(course_dir, assignment, update, accept or [])
    show(lines)
    show(left, err=True)
    raise typer.Exit(1 if left else 0)
