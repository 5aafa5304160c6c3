"""Who takes the course, and what they hand in when: `roster`, `due`, `collect`, `student`."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from autograde.commands import (
    NAME_HELP,
    Assignment,
    Encoding,
    Student,
    Students,
    app,
    argument,
    assignment_name,
    course_dir,
    graded_assignment,
    opened_course,
    option,
    show,
)
from autograde.errors import UsageError
from autograde.untrusted.names import printable

roster = app.group("roster", "Who takes the course.")
together = app.group("groups", "Who hands in together.")
student_data = app.group("student", "Erase one student's data.")


@roster.command("import")
def import_command(
    file: Annotated[Path, argument("The list of students, as the other system exported it.")],
    column: Annotated[
        list[str] | None,
        option(
            "KIND=HEADER: the column of a KIND, which is id, name, first_name, last_name, email, lms_user_id, "
            "id_number, login, section or role. Can be repeated."
        ),
    ] = None,
    encoding: Encoding = None,
    remove_missing: Annotated[
        bool, option("Remove students who are not in FILE.", "--remove-missing")
    ] = False,
) -> None:
    """Put the students listed in FILE on the roster: all of them, or none.

    FILE is a list of students or a gradebook as Canvas, Moodle, Blackboard, Brightspace or Gradescope export
    it, nbgrader's own CSV, or any table with a column "id".

    Example:  autograde roster import canvas.csv

    Exit status: 0 imported; 2 nothing was written.
    """
    from autograde.people.enrollment import columns_asked, import_list

    with opened_course() as (_, gradebook):
        show(import_list(gradebook, file, columns_asked(column or []), encoding, remove_missing))


@roster.command("show")
def show_command() -> None:
    """Show the roster.

    Example:  autograde roster show
    """
    from autograde.people.enrollment import show_roster

    with opened_course() as (_, gradebook):
        show_roster(gradebook)


@roster.command("add")
def add_command(
    student: Annotated[str, argument("The student's id: the name of the folder in submitted/.")],
    first_name: str | None = None,
    last_name: str | None = None,
    email: str | None = None,
    lms_user_id: Annotated[str | None, option("The id in the other system.")] = None,
    section: str | None = None,
) -> None:
    """Put STUDENT on the roster, or change their name, address or section.

    In a course without a roster this starts one: import the whole list first.

    Example:  autograde roster add s05 --first-name Émile --last-name Zola --section Monday
    """
    from autograde.people.enrollment import add_student

    with opened_course() as (_, gradebook):
        done = add_student(
            gradebook,
            student,
            first_name=first_name,
            last_name=last_name,
            email=email,
            lms_user_id=lms_user_id,
            section=section,
        )
        typer.echo(done)


@roster.command("remove")
def remove_command(students: Annotated[list[str], argument("Their ids.")]) -> None:
    """Take STUDENTS off the roster. Their submissions and grades stay, but appear in no report or export.

    Example:  autograde roster remove s05 s07
    """
    from autograde.people.enrollment import remove_students

    with opened_course() as (_, gradebook):
        typer.echo(remove_students(gradebook, students))


ForAssignment = Annotated[
    str | None,
    option("Groups of this one alone.", "--assignment", show_default="all", callback=assignment_name),
]


@together.command("import")
def groups_import_command(
    file: Annotated[
        Path | None, argument("A table with a column of groups.", show_default="the roster's sections")
    ] = None,
    assignment: Annotated[
        str | None,
        option("Whose groups they are.", show_default="that of a course with one", callback=assignment_name),
    ] = None,
    encoding: Encoding = None,
) -> None:
    """Let students hand in an assignment together, in the groups listed in FILE; replaces its earlier groups.

    A line is a student: one column is "group" (or "group_name", as in Canvas' list), others have the id, number,
    address or name. A group's notebook is graded once, under the group's name, and counts for each member.
    Who handed in alone before is left out and listed.

    Example:  autograde groups import groups.csv --assignment 06-adam

    Exit status: 0 imported; 2 nothing was written.
    """
    from autograde.book import class_results
    from autograde.people import groups

    with opened_course() as (course, gradebook):
        known = class_results.known_assignments(course, gradebook)
        if assignment is None and len(known) != 1:
            raise UsageError(f"name the assignment: --assignment NAME, one of {', '.join(known) or '–'}")
        assignment = assignment or known[0]
        class_results.require_known(course, gradebook, assignment)
        show(groups.import_groups(course, gradebook, file, assignment, encoding))


@together.command("show")
def groups_show_command(assignment: ForAssignment = None) -> None:
    """Show the groups and their members.

    Example:  autograde groups show
    """
    from autograde.people.groups import show_groups

    with opened_course() as (_, gradebook):
        show(map(printable, show_groups(gradebook, assignment)))


@together.command("remove")
def groups_remove_command(assignment: ForAssignment = None) -> None:
    """Let everybody hand in alone again. What groups handed in stays.

    Example:  autograde groups remove
    """
    from autograde.book.roster import write_groups

    with opened_course() as (_, gradebook), gradebook.transaction():
        write_groups(gradebook, {}, assignment)


@app.command("collect")
def collect_command(
    assignment: Assignment,
    sources: Annotated[
        list[Path] | None,
        argument("Zips as learning systems pack them, or folders.", show_default="nbgrader's exchange"),
    ] = None,
    match: Annotated[
        list[str] | None,
        option(
            "SENDER=ID, or a file with lines SENDER,ID: assign submissions that could not be matched. Can be repeated; "
            "kept for later downloads."
        ),
    ] = None,
    worksheet: Annotated[
        Path | None, option("Moodle's grading worksheet: whose the numbers are, and when each was submitted.")
    ] = None,
    update: Annotated[
        bool, option("Overwrite notebooks that students changed since the last collect.", "--update")
    ] = False,
    student: Students = None,
    accept: Annotated[
        list[str] | None,
        option(
            "Take this folder of the exchange regardless of its owner. Can be repeated.", metavar="FOLDER"
        ),
    ] = None,
) -> None:
    """Collect submissions into submitted/ID/ASSIGNMENT.

    Files are matched to the roster by id, LMS id, address or name if exactly one student fits; the others are
    listed and left. A folder contains a folder per student, files named ID.ipynb, or an unpacked zip. From
    nbgrader's exchange only folders owned by the user with the student's id, or login, are taken.

    Example:  autograde collect 06-adam canvas.zip moodle.zip

    Exit status: 0 all collected; 1 something was not, and is listed; 2 nothing was.
    """
    from autograde.people import collect, exchange

    if student and not sources:
        raise UsageError("--student chooses from a download: name it.")
    if sources and accept:
        raise UsageError("--accept names a folder of the exchange: name no download.")
    if sources:
        lines, left = collect.collect_assignment(
            course_dir(), assignment, sources, match or [], update, worksheet, student or ()
        )
    else:
        lines, left = exchange.collect_exchange(course_dir(), assignment, update, accept or [])
    show(lines)
    show(left, err=True)
    raise typer.Exit(1 if left else 0)


@app.command("due")
def due_command(
    assignment: Annotated[
        str | None,
        argument(f'{NAME_HELP} With --extend also "all".', show_default="show all", callback=assignment_name),
    ] = None,
    when: Annotated[
        str | None,
        argument(
            'The due date: "2026-11-20 23:59", in the time zone of this machine or the one named; "never" removes it.'
        ),
    ] = None,
    extend: Annotated[list[str] | None, option("Extend this student's date; can be repeated.")] = None,
    days: Annotated[
        float | None, option("Extension in days after the due date; 0 removes it.", min=0, max=3660)
    ] = None,
    times: Annotated[
        Path | None, option("Write when students submitted, from a table student,time.", metavar="FILE")
    ] = None,
    encoding: Encoding = None,
    late: Annotated[bool, option("Show who was late, by how much, and what it cost.", "--late")] = False,
) -> None:
    """Show or set due dates, give extensions, say when students submitted, show who was late.

    An extension replaces an earlier one, and can be given before the student hands in. What is graded already
    gets the new penalties at once; no student's code runs. Lateness costs nothing until nbgrader_config.py
    sets a price: c.LatePenalty.percent_per_day = 10.

    \b
    Examples:  autograde due 06-adam "2026-11-20 23:59 Europe/Berlin"
               autograde due 06-adam --extend s05 --extend s07 --days 3
               autograde due 06-adam --late
    """
    from autograde.people import due_dates

    if assignment is None and (when or extend or times or late or days is not None):
        raise UsageError("name the assignment first.")
    if late + bool(extend) + bool(times) + (when is not None) + (assignment is None) != 1:
        raise UsageError(f"give one of a date, --extend, --times or --late for {assignment}.")
    if (days is not None) != bool(extend):
        raise UsageError("give --extend and --days together.")
    if late:
        with graded_assignment(assignment) as (course, gradebook, key):
            table, lines = due_dates.late_table(course, gradebook, key)
            if table.row_count:
                Console().print(table)
            show(lines)
        return
    with opened_course() as (course, gradebook):
        if assignment is None:
            shown = due_dates.show_due_dates(course, gradebook)
        elif times:
            shown = due_dates.set_times(course, gradebook, assignment, times, encoding)
        elif extend:
            shown = due_dates.extend(course, gradebook, assignment, extend, days)
        else:
            shown = due_dates.set_due_date(course, gradebook, assignment, when)
        show(shown)


@student_data.command("erase")
def erase_command(
    student: Student,
    assignment: Annotated[
        str | None,
        option("Erase only this submission.", "--assignment", show_default=False, callback=assignment_name),
    ] = None,
    yes: Annotated[bool, option("Really erase: it cannot be undone.", "--yes")] = False,
) -> None:
    """Erase STUDENT from the gradebook and the course's folders; without --yes show what would be erased.

    With --assignment only one submission, with its grade and its page: one that was collected for the wrong
    person, for example. Backups, exports, earlier reports and nbgrader's exchange are not touched; the command
    lists them.

    Example:  autograde student erase s05 --yes
    """
    from autograde.book.erase import erase
    from autograde.entries.wording import counted

    rows, files = erase(course_dir(), student, assignment, really=yes)
    what = f"{student}: {counted(rows, 'row')} of the gradebook and {counted(files, 'file')}"
    if assignment is not None:
        what = f"the submission of {assignment} by {student}, with its grade and its page"
    typer.echo(
        f"erased {what}" if yes else f"would erase {what}\nnothing was erased. To erase for good: add --yes"
    )
    if yes and assignment is None:
        typer.echo(
            "not touched: backups, exported files, earlier reports, nbgrader's exchange. "
            "Write the reports again; delete or replace the others yourself"
        )
