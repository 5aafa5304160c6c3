"""`autograde due`: when assignments are due, who has more time, who was late."""

from pathlib import Path
from typing import Annotated

import typer

from autograde.commands import NAME_HELP, CourseDir, app, assignment_name, needs
from autograde.errors import UsageError

ZONE = "in this machine's time zone or the one named"
AnyAssignment = Annotated[
    str | None,
    typer.Argument(
        help=f'{NAME_HELP} With --extend also "all".', show_default="show all", callback=assignment_name
    ),
]
When = Annotated[str | None, typer.Argument(help=f'The due date: "2026-11-20 23:59", {ZONE}.')]
Never = Annotated[bool, typer.Option("--never", help="Remove the due date.")]
Extend = Annotated[list[str] | None, typer.Option(help="Extend this student's date; can be repeated.")]
Days = Annotated[
    float, typer.Option(min=0, max=3660, help="Extension in days after the due date.", show_default=False)
]
Hours = Annotated[
    float, typer.Option(min=0, max=87_840, help="Extension in hours, added to the days.", show_default=False)
]
Until = Annotated[str | None, typer.Option(help=f'End of the extension: "2026-11-25 23:59", {ZONE}.')]
TakeBack = Annotated[bool, typer.Option("--take-back", help="Remove the extension.")]
Late = Annotated[bool, typer.Option("--late", help="Show who was late, by how much, and what it cost.")]


@app.command("due", cls=needs("grader"))
def due_command(
    assignment: AnyAssignment = None,
    when: When = None,
    never: Never = False,
    extend: Extend = None,
    days: Days = 0.0,
    hours: Hours = 0.0,
    until: Until = None,
    take_back: TakeBack = False,
    late: Late = False,
    course_dir: CourseDir = Path("."),
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
    from autograde.course.open_gradebook import course_gradebook
    from autograde.people.late_work import extend as give_extension
    from autograde.people.late_work import set_due_date, show_due_dates

    lengths = (days + hours > 0, until is not None, take_back)
    if assignment is None and (when or never or extend or late or any(lengths)):
        raise UsageError("name the assignment first.")
    if late + bool(extend) + never + (when is not None) + (assignment is None) != 1:
        raise UsageError(f"give one of a date, --never, --extend or --late for {assignment}.")
    if sum(lengths) != bool(extend):
        raise UsageError("with --extend give one of --days or --hours, --until, --take-back.")
    if late:
        return _show_late(course_dir, assignment)
    with course_gradebook(course_dir) as (course, gradebook):
        if assignment is None:
            lines = show_due_dates(course, gradebook)
        elif extend:
            more = None if take_back or until else 24 * days + hours
            lines = give_extension(course, gradebook, assignment, extend, more, until)
        else:
            lines = set_due_date(course, gradebook, assignment, when)
        for line in lines:
            typer.echo(line)


def _show_late(course_dir: Path, assignment: str) -> None:
    from rich.console import Console

    from autograde.people.class_results import graded_assignment
    from autograde.people.late_work import late_table

    with graded_assignment(course_dir, assignment) as (course, gradebook, key):
        table, lines = late_table(course, gradebook, key)
        if table.row_count:
            Console().print(table)
    for line in lines:
        typer.echo(line)
