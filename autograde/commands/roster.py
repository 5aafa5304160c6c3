"""`autograde roster`: who takes the course."""

from __future__ import annotations

from pathlib import Path

import typer

from autograde import arguments
from autograde.commands import app
from autograde.roles import needs
from autograde.telling import warn

roster = typer.Typer(name="roster", help="Who takes the course.", no_args_is_help=True)
app.add_typer(roster)


@roster.command("import", cls=needs("grader"))
def import_command(
    file: arguments.ListOfStudents,
    course_dir: arguments.CourseDir = Path("."),
    column: arguments.ColumnKinds = None,
    encoding: arguments.Encoding = None,
    remove_missing: arguments.RemoveMissing = False,
    dry_run: arguments.DryRun = False,
) -> None:
    """Put the students whom FILE lists on the roster. All of FILE is taken, or nothing.

    FILE is a list of students or a gradebook as Canvas, Moodle, Blackboard, Brightspace or Gradescope export
    it, nbgrader's own CSV, or any table with a column "id". A column "extension 06-adam" gives days of
    extension for 06-adam, one "extension" for every assignment.

    Example:  autograde roster import canvas.csv

    Exit status: 0 taken; 2 nothing was written.
    """
    from autograde.grading.graded_assignments import known_assignments
    from autograde.grading.open_gradebook import course_gradebook
    from autograde.roster.import_list import import_list
    from autograde.roster.read_file import RosterError
    from autograde.roster.roster_messages import columns_asked, imported_lines, problem_lines

    headers = columns_asked(column or [])
    try:
        with course_gradebook(course_dir) as (course, gradebook):
            done = import_list(gradebook, file, headers, encoding, remove_missing, keep=not dry_run)
            known = {"", *known_assignments(course, gradebook)}
    except RosterError as error:
        for line in problem_lines(error):
            typer.echo(line, err=True)
        raise
    for line in imported_lines(done, dry_run):
        typer.echo(line)
    for assignment in sorted({name for days in done.listed.days.values() for name in days} - known):
        warn("no assignment is named {assignment!r}, so its extensions count nowhere", assignment=assignment)


@roster.command("show", cls=needs("grader"))
def show_command(
    course_dir: arguments.CourseDir = Path("."),
    section: arguments.OnlySection = None,
    out: arguments.RosterFile = None,
) -> None:
    """Show who is on the roster, with sections and extensions.

    Example:  autograde roster show --section "Monday group"
    """
    from rich.console import Console

    from autograde.grading.open_gradebook import course_gradebook
    from autograde.roster.roster_messages import show_roster, write_roster

    with course_gradebook(course_dir) as (_, gradebook):
        if out:
            typer.echo(write_roster(gradebook, out, section))
        else:
            show_roster(gradebook, Console(), section)


@roster.command("add", cls=needs("grader"))
def add_command(
    student: arguments.RosterId,
    first_name: arguments.NewValue = None,
    last_name: arguments.NewValue = None,
    email: arguments.NewValue = None,
    lms_user_id: arguments.LmsUserId = None,
    section: arguments.NewValue = None,
    course_dir: arguments.CourseDir = Path("."),
) -> None:
    """Put STUDENT on the roster, or change what is known of them.

    In a course that has no roster this begins one: import the whole list first.

    Example:  autograde roster add s05 --first-name Émile --last-name Zola --section Monday
    """
    from autograde.grading.open_gradebook import course_gradebook
    from autograde.roster.edit import add_student

    fields = {
        "first_name": first_name,
        "last_name": last_name,
        "email": email,
        "lms_user_id": lms_user_id,
        "section": section,
    }
    with course_gradebook(course_dir) as (_, gradebook):
        sentence = add_student(
            gradebook, student, {name: text for name, text in fields.items() if text is not None}
        )
    typer.echo(sentence)


@roster.command("remove", cls=needs("grader"))
def remove_command(
    students: arguments.StudentIds,
    course_dir: arguments.CourseDir = Path("."),
) -> None:
    """Take STUDENTS off the roster. Their submissions and grades stay, and are in no report or export.

    Example:  autograde roster remove s05 s07
    """
    from autograde.grading.open_gradebook import course_gradebook
    from autograde.roster.edit import remove_students

    with course_gradebook(course_dir) as (_, gradebook):
        sentence = remove_students(gradebook, students)
    typer.echo(sentence)
