"""`autograde export`: scores for a learning management system, or answers for a similarity checker."""

from pathlib import Path
from typing import Annotated

import typer

from autograde.commands import HERE, NAME_HELP, CourseDir, app, assignment_name
from autograde.errors import UsageError


@app.command("export")
def export_command(
    assignment: Annotated[
        str | None,
        typer.Argument(help=NAME_HELP, show_default="all, for csv, wide and long", callback=assignment_name),
    ] = None,
    form: Annotated[
        str,
        typer.Option(
            "--format",
            help="csv, wide, long, canvas, moodle, moodle-worksheet, blackboard, brightspace or gradescope.",
        ),
    ] = "csv",
    course_dir: CourseDir = HERE,
    template: Annotated[Path | None, typer.Option(help="The other system's own export, to fill in.")] = None,
    column: Annotated[str | None, typer.Option(help='The column to fill, e.g. "HW1 (1234)".')] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            help="The file to write.", show_default="grades-ASSIGNMENT.csv, grades-ASSIGNMENT-FORMAT.csv, …"
        ),
    ] = None,
    accept_self_reported: Annotated[
        bool, typer.Option("--accept-self-reported", help="Accept scores that stock nbgrader gave.")
    ] = False,
    zero_missing: Annotated[
        bool, typer.Option("--zero-missing", help="Score missing submissions as 0.")
    ] = False,
    answers: Annotated[
        bool, typer.Option("--answers", help="Write the students' code instead, for JPlag or MOSS.")
    ] = False,
) -> None:
    """Write the scores of ASSIGNMENT for another system.

    Every student on the roster gets a line. Scores that are not final (an answer waits for manual grading)
    are left out and listed; gradescope and csv contain them, csv marks them in its column to_be_graded. With
    a template only the column changes, and students missing on either side are listed.

    With --answers: folder students/ID/NOTEBOOK.py contains each student's solution cells,
    handed-out/NOTEBOOK.py what everybody got. Nothing is compared here:

    \b
        java -jar jplag.jar -l python3 answers-06-adam/students -bc answers-06-adam/handed-out
        moss -l python -d -b answers-06-adam/handed-out/adam.py answers-06-adam/students/*/adam.py

    Example:  autograde export 06-adam --format canvas --template canvas.csv --column "Adam (1234)"

    Exit status: 0 every submission is in it with a final score; 1 some are not, or are self-reported, and are
    listed; 2 nothing was written.
    """
    if answers:
        return _export_answers(course_dir, assignment, out)
    from autograde.lms.exporter import export

    complete = export(course_dir, assignment, form, template, column, out, accept_self_reported, zero_missing)
    raise typer.Exit(0 if complete else 1)


def _export_answers(course_dir: Path, assignment: str | None, out: Path | None) -> None:
    from autograde.course.submission_rows import graded_students
    from autograde.lms.exporter import write_answers
    from autograde.people.class_results import graded_assignment
    from autograde.scores import counted

    if assignment is None:
        raise UsageError("--answers takes one assignment: name it.")
    with graded_assignment(course_dir, assignment) as (course, gradebook, key):
        folder = out or course.root / f"answers-{assignment}"
        students = sorted(graded_students(gradebook, assignment))
    written, left_out = write_answers(course, key, students, folder)
    typer.echo(f"wrote the answers of {counted(len(written), 'student')} into {folder}")
    if left_out:
        typer.echo(f"no autograded notebook: {', '.join(left_out)}", err=True)
