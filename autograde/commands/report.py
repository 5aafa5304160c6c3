"""`autograde report`: what the class understood."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from autograde.arguments import Assignment, CourseDir
from autograde.commands import app
from autograde.roles import needs


@app.command("report", cls=needs("grader"))
def report_command(
    assignment: Assignment,
    course_dir: CourseDir = Path("."),
    out: Annotated[
        Path | None, typer.Option(help="Write the page there.", show_default="report-ASSIGNMENT.html")
    ] = None,
) -> None:
    """Write one page on the class: scores, every answer with its mistakes, submissions to look at.

    Example:  autograde report 06-adam --out adam.html
    """
    from autograde.files import put_where_asked
    from autograde.grading.graded_assignments import graded_assignment
    from autograde.report.class_page import mistake_in_words, render, summary_line
    from autograde.report.gather import gather
    from autograde.stopping import stopping
    from descentlab.sentences import say

    with stopping("report"), graded_assignment(course_dir, assignment) as (course, gradebook, key):
        report = gather(gradebook, key)
        path = out or course.root / f"report-{assignment}.html"
        put_where_asked(path, render(report).encode("utf-8", "replace"))
    typer.echo(summary_line(report))
    for row in report.rows:
        for mistake, count in row.mistakes.most_common(3):
            typer.echo(f"  {row.title}: {mistake_in_words(mistake, row)} ({count})")
    typer.echo(say("wrote {file}", file=path))
