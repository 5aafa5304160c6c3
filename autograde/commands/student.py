"""`autograde student`: export or erase one student's data."""

from pathlib import Path
from typing import Annotated

import typer

from autograde.commands import HERE, CourseDir, app, assignment_name
from autograde.commands.explain import Student
from autograde.scores import counted

NOTHING = "nothing was erased. To erase for good: add --yes"

group = app.group("student", "Export or erase one student's data.")


@group.command("export")
def export_command(
    student: Student,
    course_dir: CourseDir = HERE,
    out: Annotated[
        Path | None, typer.Option(help="The file to write.", show_default="student-ID.zip")
    ] = None,
) -> None:
    """Write a zip with all data of STUDENT: person, grades, submissions, feedback.

    Example:  autograde student export s05
    """
    from autograde.people.student_data import export_student

    path = out or Path(f"student-{Path(student).name}.zip")
    typer.echo(f"wrote {path}: {counted(export_student(course_dir, student, path), 'file')}")


@group.command("erase")
def erase_command(
    student: Student,
    course_dir: CourseDir = HERE,
    assignment: Annotated[
        str | None,
        typer.Option(
            "--assignment", help="Erase only this submission.", show_default=False, callback=assignment_name
        ),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Really erase: it cannot be undone.")] = False,
) -> None:
    """Erase STUDENT from the gradebook and the course's folders; without --yes show what would be erased.

    With --assignment only one submission, with its grade and its page: one that was collected for the wrong
    person, for example. Backups, exports, earlier reports and nbgrader's exchange are not touched; the command
    lists them.

    Example:  autograde student erase s05 --yes
    """
    from autograde.people.student_data import erase

    rows, files = erase(course_dir, student, assignment, really=yes)
    what = f"{student}: {rows} rows of the gradebook and {files} files"
    if assignment is not None:
        what = f"the submission of {assignment} by {student}, with its grade and its page"
    typer.echo(f"erased {what}" if yes else f"would erase {what}\n{NOTHING}")
    if yes and assignment is None:
        typer.echo(
            "not touched: backups, exported files, earlier reports, nbgrader's exchange. "
            "Write the reports again; delete or replace the others yourself"
        )
