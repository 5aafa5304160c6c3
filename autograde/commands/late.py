"""`autograde late`: who was late, by how much, and what it cost."""

from __future__ import annotations

from pathlib import Path

import typer

from autograde import arguments
from autograde.commands import app
from autograde.roles import needs


@app.command("late", cls=needs("grader"))
def late_command(assignment: arguments.Assignment, course_dir: arguments.CourseDir = Path(".")) -> None:
    """Show who handed in ASSIGNMENT late, by how much, with which extension, and what it cost.

    Example:  autograde late 06-adam
    """
    from rich.console import Console

    from autograde.grading.graded_assignments import graded_assignment
    from autograde.grading.late_submissions import late_table

    with graded_assignment(course_dir, assignment) as (course, gradebook, key):
        table, lines = late_table(course, gradebook, key)
        if table.row_count:
            Console().print(table)
    for line in lines:
        typer.echo(line)
