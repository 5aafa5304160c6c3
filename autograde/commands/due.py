"""`autograde due`: when assignments are due, who has more time, who was late."""

from typing import Annotated

import typer

from autograde.commands import HERE, NAME_HELP, CourseDir, app, assignment_name, show
from autograde.errors import UsageError

ZONE = "in this machine's time zone or the one named"


@app.command("due")
def due_command(
    assignment: Annotated[
        str | None,
        typer.Argument(
            help=f'{NAME_HELP} With --extend also "all".', show_default="show all", callback=assignment_name
        ),
    ] = None,
    when: Annotated[
        str | None, typer.Argument(help=f'The due date: "2026-11-20 23:59", {ZONE}; "never" removes it.')
    ] = None,
    extend: Annotated[
        list[str] | None, typer.Option(help="Extend this student's date; can be repeated.")
    ] = None,
    days: Annotated[
        float | None,
        typer.Option(min=0, max=3660, help="Extension in days after the due date; 0 removes it."),
    ] = None,
    until: Annotated[
        str | None, typer.Option(help=f'End of the extension: "2026-11-25 23:59", {ZONE}.')
    ] = None,
    late: Annotated[
        bool, typer.Option("--late", help="Show who was late, by how much, and what it cost.")
    ] = False,
    course_dir: CourseDir = HERE,
) -> None:
    """Show or set due dates, give extensions, show who was late.

    An extension replaces an earlier one, and can be given before the student hands in. What is graded already
    gets the new penalties at once; no student's code runs. Lateness costs nothing until nbgrader_config.py
    sets a price: c.LatePenalty.percent_per_day = 10.

    \b
    Examples:  autograde due 06-adam "2026-11-20 23:59 Europe/Berlin"
               autograde due 06-adam --extend s05 --extend s07 --days 3
               autograde due 06-adam --late
    """
    from rich.console import Console

    from autograde.course.gradebook import course_gradebook
    from autograde.people import due_dates
    from autograde.people.class_results import graded_assignment

    length = (days is not None) + (until is not None)
    if assignment is None and (when or extend or late or length):
        raise UsageError("name the assignment first.")
    if late + bool(extend) + (when is not None) + (assignment is None) != 1:
        raise UsageError(f"give one of a date, --extend or --late for {assignment}.")
    if length != bool(extend):
        raise UsageError("with --extend give one of --days, --until.")
    if late:
        with graded_assignment(course_dir, assignment) as (course, gradebook, key):
            table, lines = due_dates.late_table(course, gradebook, key)
            if table.row_count:
                Console().print(table)
            typer.echo("\n".join(lines))
        return
    with course_gradebook(course_dir) as (course, gradebook):
        if assignment is None:
            shown = due_dates.show_due_dates(course, gradebook)
        elif extend:
            shown = due_dates.extend(course, gradebook, assignment, extend, days or 0.0, until)
        else:
            shown = due_dates.set_due_date(course, gradebook, assignment, when)
        show(shown)
