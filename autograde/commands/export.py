"""`autograde export`: scores for a learning management system."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from autograde.arguments import CourseDir
from autograde.commands import app
from autograde.roles import needs


@app.command("export", cls=needs("grader"))
def export_command(
    assignment: Annotated[
        str | None, typer.Argument(help="An assignment's name, e.g. 06-adam; for csv all by default.")
    ] = None,
    form: Annotated[
        str,
        typer.Option(
            "--format",
            help="csv, wide, long, canvas, moodle, moodle-worksheet, blackboard, brightspace or gradescope.",
        ),
    ] = "csv",
    course_dir: CourseDir = Path("."),
    template: Annotated[
        Path | None, typer.Option(help="The other system's own export, to be filled.")
    ] = None,
    column: Annotated[str | None, typer.Option(help='The column to fill, e.g. "HW1 (1234)".')] = None,
    out: Annotated[
        Path | None, typer.Option(help="Write there.", show_default="ASSIGNMENT-FORMAT.csv")
    ] = None,
    accept_self_reported: Annotated[
        bool, typer.Option("--accept-self-reported", help="Take scores that stock nbgrader gave.")
    ] = False,
    zero_missing: Annotated[
        bool, typer.Option("--zero-missing", help="Give 0 points to who has handed in nothing.")
    ] = False,
) -> None:
    """Write the scores of ASSIGNMENT for another system.

    Everybody on the roster has a line. Scores that are not final (an answer waits for a person) are left out
    and named; csv and gradescope have them. With a template only the column changes, and whoever is missing
    on either side is named.

    Example:  autograde export 06-adam --format canvas --template canvas.csv --column "Adam (1234)"

    Exit status: 0 everybody who handed in is in it; 1 somebody is not, is not final or self-reported, and
    named; 2 nothing was written.
    """
    from autograde.export.write_scores import Asked, export
    from autograde.stopping import stopping

    with stopping("export"):
        complete = export(
            Asked(course_dir, assignment, form, template, column, out, accept_self_reported, zero_missing)
        )
    raise typer.Exit(0 if complete else 1)
