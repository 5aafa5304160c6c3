"""`autograde export`: scores for a learning management system."""

from __future__ import annotations

from pathlib import Path

import typer

from autograde import arguments
from autograde.commands import app
from autograde.roles import needs


@app.command("export", cls=needs("grader"))
def export_command(
    assignment: arguments.AnyAssignment = None,
    form: arguments.ExportFormat = "csv",
    course_dir: arguments.CourseDir = Path("."),
    template: arguments.TemplateFile = None,
    column: arguments.ColumnToFill = None,
    out: arguments.ScoresFile = None,
    accept_self_reported: arguments.AcceptSelfReported = False,
    zero_missing: arguments.ZeroMissing = False,
) -> None:
    """Write the scores of ASSIGNMENT for another system.

    Everybody on the roster has a line. Scores that are not final (an answer waits for a person) are left out
    and named; gradescope has them, and csv, marked in its column to_be_graded. With a template only the
    column changes, and whoever is missing on either side is named.

    Example:  autograde export 06-adam --format canvas --template canvas.csv --column "Adam (1234)"

    Exit status: 0 everybody who handed in is in it; 1 somebody is not, is not final or self-reported, and
    named; 2 nothing was written.
    """
    from autograde.export.write_scores import Asked, export

    complete = export(
        Asked(course_dir, assignment, form, template, column, out, accept_self_reported, zero_missing)
    )
    raise typer.Exit(0 if complete else 1)
