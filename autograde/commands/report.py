"""`autograde report`: what the class understood."""

from pathlib import Path
from typing import Annotated

import typer

from autograde.commands import HERE, NAME_HELP, CourseDir, app, assignment_name, show


@app.command("report")
def report_command(
    assignment: Annotated[
        str | None, typer.Argument(help=NAME_HELP, show_default="the whole term", callback=assignment_name)
    ] = None,
    course_dir: CourseDir = HERE,
    out: Annotated[
        Path | None,
        typer.Option(help="The file to write.", show_default="report-ASSIGNMENT.html, report-term.html"),
    ] = None,
    anonymous: Annotated[
        bool, typer.Option("--anonymous", help="Numbers instead of ids and names; no links.")
    ] = False,
) -> None:
    """Write one page on the class.

    It shows who is missing, late or needs attention, scores, answers and mistakes. Without an assignment: all of them, a line per student. The pages need no network and can be printed.

    Example:  autograde report 06-adam --out adam.html
    """
    from autograde.pages.class_report import write_report

    lines, path = write_report(course_dir, assignment, out, anonymous)
    show(lines)
    typer.echo(f"wrote {path}")
