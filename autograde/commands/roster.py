"""`autograde roster`: who takes the course."""

from pathlib import Path
from typing import Annotated

import typer

from autograde.commands import HERE, CourseDir, app, show

Value = Annotated[str | None, typer.Option()]

group = app.group("roster", "Who takes the course.")


@group.command("import")
def import_command(
    file: Annotated[Path, typer.Argument(help="The list of students, as the other system exported it.")],
    course_dir: CourseDir = HERE,
    column: Annotated[
        list[str] | None,
        typer.Option(
            help="KIND=HEADER: the column of a KIND, which is id, name, first_name, last_name, email, lms_user_id, "
            "login or section. Can be repeated."
        ),
    ] = None,
    encoding: Annotated[
        str | None, typer.Option(help="The file's encoding, e.g. cp1252.", show_default="UTF-8 or UTF-16")
    ] = None,
    remove_missing: Annotated[
        bool, typer.Option("--remove-missing", help="Remove students who are not in FILE.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would change; write nothing.")
    ] = False,
) -> None:
    """Put the students listed in FILE on the roster: all of them, or none.

    FILE is a list of students or a gradebook as Canvas, Moodle, Blackboard, Brightspace or Gradescope export
    it, nbgrader's own CSV, or any table with a column "id".

    Example:  autograde roster import canvas.csv

    Exit status: 0 imported; 2 nothing was written.
    """
    from autograde.course.gradebook import course_gradebook
    from autograde.people.roster_import import RosterError, columns_asked, import_list

    headers = columns_asked(column or [])
    try:
        with course_gradebook(course_dir) as (_, gradebook):
            lines = import_list(gradebook, file, headers, encoding, remove_missing, keep=not dry_run)
    except RosterError as error:
        for problem in error.problems:
            typer.echo(f"  {problem}", err=True)
        raise
    show(lines)


@group.command("show")
def show_command(course_dir: CourseDir = HERE) -> None:
    """Show the roster.

    Example:  autograde roster show
    """
    from autograde.course.gradebook import course_gradebook
    from autograde.people.roster import show_roster

    with course_gradebook(course_dir) as (_, gradebook):
        show_roster(gradebook)


@group.command("add")
def add_command(
    student: Annotated[str, typer.Argument(help="The student's id: the name of the folder in submitted/.")],
    first_name: Value = None,
    last_name: Value = None,
    email: Value = None,
    lms_user_id: Annotated[str | None, typer.Option(help="The id in the other system.")] = None,
    section: Value = None,
    course_dir: CourseDir = HERE,
) -> None:
    """Put STUDENT on the roster, or change their name, address or section.

    In a course without a roster this starts one: import the whole list first.

    Example:  autograde roster add s05 --first-name Émile --last-name Zola --section Monday
    """
    from autograde.course.gradebook import course_gradebook
    from autograde.people.roster import add_student

    fields = {
        "first_name": first_name,
        "last_name": last_name,
        "email": email,
        "lms_user_id": lms_user_id,
        "section": section,
    }
    given = {name: text for name, text in fields.items() if text is not None}
    with course_gradebook(course_dir) as (_, gradebook):
        typer.echo(add_student(gradebook, student, given))


@group.command("remove")
def remove_command(
    students: Annotated[list[str], typer.Argument(help="Their ids.")], course_dir: CourseDir = HERE
) -> None:
    """Take STUDENTS off the roster. Their submissions and grades stay, but appear in no report or export.

    Example:  autograde roster remove s05 s07
    """
    from autograde.course.gradebook import course_gradebook
    from autograde.people.roster import remove_students

    with course_gradebook(course_dir) as (_, gradebook):
        typer.echo(remove_students(gradebook, students))
