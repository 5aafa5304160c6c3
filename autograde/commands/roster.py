"""`autograde roster`: who takes the course."""

from pathlib import Path
from typing import Annotated

import typer

from autograde.commands import CourseDir, app, needs

ListOfStudents = Annotated[
    Path, typer.Argument(help="The list of students, as the other system exported it.")
]
Column = Annotated[
    list[str] | None,
    typer.Option(
        help="KIND=HEADER: the column of a KIND, which is id, name, first_name, last_name, email, lms_user_id, "
        "login, section or extension. Can be repeated."
    ),
]
Encoding = Annotated[
    str | None, typer.Option(help="The file's encoding, e.g. cp1252.", show_default="UTF-8 or UTF-16")
]
RemoveMissing = Annotated[bool, typer.Option("--remove-missing", help="Remove students who are not in FILE.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show what would change; write nothing.")]
Section = Annotated[str | None, typer.Option(help="Only this section.")]
Out = Annotated[Path | None, typer.Option(help="Write a file that `autograde roster import` reads.")]
NewId = Annotated[str, typer.Argument(help="The student's id: the name of the folder in submitted/.")]
Value = Annotated[str | None, typer.Option()]
LmsUserId = Annotated[str | None, typer.Option(help="The id in the other system.")]
Ids = Annotated[list[str], typer.Argument(help="Their ids.")]

group = typer.Typer(name="roster", help="Who takes the course.", no_args_is_help=True)
app.add_typer(group)


@group.command("import", cls=needs("grader"))
def import_command(
    file: ListOfStudents,
    course_dir: CourseDir = Path("."),
    column: Column = None,
    encoding: Encoding = None,
    remove_missing: RemoveMissing = False,
    dry_run: DryRun = False,
) -> None:
    """Put the students listed in FILE on the roster: all of them, or none.

    FILE is a list of students or a gradebook as Canvas, Moodle, Blackboard, Brightspace or Gradescope export
    it, nbgrader's own CSV, or any table with a column "id". A column "extension 06-adam" gives days of
    extension for 06-adam, one "extension" for every assignment.

    Example:  autograde roster import canvas.csv

    Exit status: 0 imported; 2 nothing was written.
    """
    from autograde.course.open_gradebook import course_gradebook
    from autograde.people.class_results import known_assignments
    from autograde.people.columns import columns_asked
    from autograde.people.roster_file import RosterError
    from autograde.people.roster_import import import_list, problem_lines

    headers = columns_asked(column or [])
    try:
        with course_gradebook(course_dir) as (course, gradebook):
            done = import_list(gradebook, file, headers, encoding, remove_missing, keep=not dry_run)
            known = {"", *known_assignments(course, gradebook)}
    except RosterError as error:
        for line in problem_lines(error.problems):
            typer.echo(line, err=True)
        raise
    for line in done.in_words(dry_run):
        typer.echo(line)
    for assignment in sorted({name for days in done.listed.days.values() for name in days} - known):
        typer.echo(f"unknown assignment {assignment!r}: its extensions have no effect", err=True)


@group.command("show", cls=needs("grader"))
def show_command(course_dir: CourseDir = Path("."), section: Section = None, out: Out = None) -> None:
    """Show the roster, with sections and extensions.

    Example:  autograde roster show --section "Monday group"
    """
    from rich.console import Console

    from autograde.course.open_gradebook import course_gradebook
    from autograde.people.roster_table import show_roster, write_roster

    with course_gradebook(course_dir) as (_, gradebook):
        if out:
            typer.echo(write_roster(gradebook, out, section))
        else:
            show_roster(gradebook, Console(), section)


@group.command("add", cls=needs("grader"))
def add_command(
    student: NewId,
    first_name: Value = None,
    last_name: Value = None,
    email: Value = None,
    lms_user_id: LmsUserId = None,
    section: Value = None,
    course_dir: CourseDir = Path("."),
) -> None:
    """Put STUDENT on the roster, or change their name, address or section.

    In a course without a roster this starts one: import the whole list first.

    Example:  autograde roster add s05 --first-name Émile --last-name Zola --section Monday
    """
    from autograde.course.open_gradebook import course_gradebook
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


@group.command("remove", cls=needs("grader"))
def remove_command(students: Ids, course_dir: CourseDir = Path(".")) -> None:
    """Take STUDENTS off the roster. Their submissions and grades stay, but appear in no report or export.

    Example:  autograde roster remove s05 s07
    """
    from autograde.course.open_gradebook import course_gradebook
    from autograde.people.roster import remove_students

    with course_gradebook(course_dir) as (_, gradebook):
        typer.echo(remove_students(gradebook, students))
