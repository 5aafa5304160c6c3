"""`autograde teach`: a lesson for those who teach it."""

from pathlib import Path
from typing import Annotated

import typer

from autograde.commands import HERE, Assignment, CourseDir, app


@app.command("teach")
def teach_command(
    assignment: Assignment,
    course_dir: CourseDir = HERE,
    slides: Annotated[bool, typer.Option("--slides", help="Slides instead of the page.")] = False,
    reveal: Annotated[
        str | None, typer.Option(help="Where reveal.js is: a folder or an address.", show_default="the web")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            help="The file to write.", show_default="teach-ASSIGNMENT.html or slides-ASSIGNMENT.html"
        ),
    ] = None,
) -> None:
    """Write a lesson's plan or its slides.

    The plan has minutes, predictions with answers and mistakes to expect. Runs the complete lesson once. Once a class is graded, the mistakes are its own.

    Example:  autograde teach 06-adam --slides
    """
    from autograde.course.lessons import complete_notebook
    from autograde.files import put_where_asked
    from autograde.grading.trial import rehearse
    from autograde.pages import lesson_plan

    notebook, predictions = rehearse(complete_notebook(course_dir, assignment), course_dir, assignment)
    if slides:
        text = lesson_plan.slides(notebook, predictions, reveal)
    else:
        counts = lesson_plan.class_counts(course_dir, assignment)
        text = lesson_plan.plan(assignment, notebook, predictions, counts)
    path = out or course_dir / f"{'slides' if slides else 'teach'}-{assignment}.html"
    put_where_asked(path, text.encode("utf-8", "replace"))
    typer.echo(f"wrote {path}")
