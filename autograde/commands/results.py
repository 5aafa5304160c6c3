"""What comes of grades: `explain`, `feedback`, `report`, `export`."""

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import track

from autograde.commands import (
    NAME_HELP,
    Assignment,
    Assignments,
    Every,
    Student,
    Students,
    app,
    argument,
    course_dir,
    file_to_write,
    for_each,
    graded_assignment,
    option,
    show,
    show_marked_up,
)
from autograde.entries.entry import COMMON
from autograde.entries.wording import MOST_NAMED, counted, lines_about, named
from autograde.errors import AutogradeError, UsageError
from autograde.people.people_table import SYSTEMS
from autograde.untrusted.names import printable

PACKINGS = [*(format for format, system in SYSTEMS.items() if "pages" in system), "folders"]
FOLDERS = {"name": "", "pages": {"says": "the pages are STUDENT/ASSIGNMENT/NOTEBOOK.html"}}
SCORE_FORMATS = [format for system in SYSTEMS.values() for format in system.get("scores", ())]


@app.command("explain")
def explain_command(assignment: Assignment, student: Student) -> None:
    """Show why STUDENT has this grade for ASSIGNMENT.

    That is each check, its criteria, their numbers, and the mistake.

    Example:  autograde explain 06-adam s05
    """
    from autograde.book.class_results import read_class
    from autograde.pages.explain import explain_grade

    with graded_assignment(assignment, [student]) as (course, gradebook, key):
        entry = read_class(course, gradebook, key).every_graded[student]
    show_marked_up(explain_grade(entry, course.root))


@app.command("feedback")
def feedback_command(
    assignments: Assignments = None,
    every: Every = False,
    student: Students = None,
    exchange: Annotated[
        bool, option("Return the pages through nbgrader's exchange too.", "--exchange")
    ] = False,
    packing: Annotated[
        str | None,
        option(
            "Write feedback-ASSIGNMENT-….zip, too, with the names that this system expects.",
            "--zip",
            metavar="|".join(PACKINGS),
        ),
    ] = None,
) -> None:
    """Write a feedback page for every graded submission.

    The pages are feedback/STUDENT/ASSIGNMENT/*.html. A page is one file that needs no network. --zip packs
    them for Moodle ("Upload multiple feedback files in a zip") or Canvas ("Upload Submissions"), or as a
    folder per student. Canvas shows students a page under their notebook's name: they save it as .html. After
    --exchange, students who submitted through nbgrader's exchange type `nbgrader fetch_feedback ASSIGNMENT`.

    \b
    Examples:  autograde feedback 06-adam
               autograde feedback 06-adam --zip moodle

    Exit status: 0 every page is there; 1 some cannot be made or are not in the zip, each is named with the
    reason; 2 nothing was written.
    """
    from autograde.book import class_results, roster
    from autograde.pages.feedback import hand_back, pack, pages_of, write_pages

    if packing not in (None, *PACKINGS):
        raise UsageError(f"--zip {packing}: unknown. Choose one of {', '.join(PACKINGS)}.")

    def write(assignment: str) -> int:
        with graded_assignment(assignment, student) as (course, gradebook, key):
            if exchange:
                course.require_course_id()
            whole = class_results.read_class(course, gradebook, key)
            sent, kept = roster.read_sent(gradebook, assignment), roster.read_matches(gradebook)
        pages, failed = pages_of(course, whole, student), {}
        total = len(pages.notebooks)
        written = list(track(write_pages(pages, failed), "writing pages", total=total, transient=True))
        left_out = []
        typer.echo(f"{counted(len(written), 'page')}, new or changed: {sum(page.fresh for page in written)}")
        if exchange:
            released, elsewhere = hand_back(course, assignment, sorted(pages.graded.keys() - failed.keys()))
            typer.echo(f"{counted(len(released), 'student')} can fetch feedback from the exchange")
            if elsewhere:
                typer.echo(f"not in the exchange, as submitted elsewhere: {named(elsewhere)}", err=True)
        if packing:
            out = course.root / f"feedback-{assignment}-{packing}.zip"
            count, left_out = pack(whole, written, packing, sent, kept, out)
            receiver = SYSTEMS.get(packing, FOLDERS)
            typer.echo(f"wrote {out}: {counted(count, 'page')}")
            show([receiver["pages"]["says"]])
            if left_out:
                typer.echo(
                    f"not in the zip, as {receiver['name']}'s name of the file is not known: {named(left_out)}. "
                    "Collect its download, or hand out the pages yourself",
                    err=True,
                )
        show(lines_about(pages.without, assignment, MOST_NAMED), err=True)
        if waiting := [who for who, one in pages.graded.items() if one.pending_manual]:
            typer.echo(f"needs manual grading: {named(waiting)}. Type this again when it is done")
        if written:
            typer.echo(f"for example {written[0].path}")
        for who, error in failed.items():
            kind = "" if isinstance(error, AutogradeError) else f"{type(error).__name__}: "
            typer.echo(printable(f"no page of {who}: {kind}{' '.join(str(error).split())}"), err=True)
        return 1 if failed or left_out else 0

    for_each(assignments, every, write)


@app.command("mistakes")
def mistakes_command(
    assignment: Assignment,
    code: Annotated[str | None, argument("The code of a listed mistake, to give it a name.")] = None,
    name: Annotated[str | None, argument("What continues “Your results are those of …”.")] = None,
    hint: Annotated[str, option("A question that does not give the answer away.")] = "",
    least: Annotated[int, option("List mistakes of so many students.", "--at-least", min=1)] = COMMON,
) -> None:
    """List the mistakes that several students make in checks of your own, or give one a name.

    Their results are equal on the problems that everybody gets. The names are in mistakes/ASSIGNMENT.md, which students
    never get; who makes the mistake reads its name in the feedback after `autograde grade --rejudge`, and in the notebook
    after the next release.

    \b
    Examples:  autograde mistakes hw1
               autograde mistakes hw1 KTRA "a mean weighted with 1/σ" --hint "Which σ should count most?"
    """
    from autograde.book import class_results, releases
    from autograde.pages.mistake_list import common_mistakes, give_name
    from autograde.release.keys import read_names

    if (code is None) != (name is None):
        raise UsageError("to give a mistake a name, write its code and the name")
    with graded_assignment(assignment) as (course, gradebook, key):
        whole = class_results.read_class(course, gradebook, key)
        solutions = releases.read_trial(gradebook, assignment).solutions
    every = common_mistakes(whole, solutions, read_names(course, assignment, solutions))
    if not every:
        raise UsageError(f"{assignment} defines no check. The report shows the mistakes in others")
    if code is not None and name is not None:
        file = course.names_file(assignment)
        typer.echo(give_name(file, every, code.upper(), name, hint))
        return
    for one in every:
        show_marked_up(one.lines(least))


@app.command("report")
def report_command(
    assignments: Annotated[list[str] | None, argument(NAME_HELP, show_default="the whole term")] = None,
    every: Every = False,
    out: Annotated[Path | None, file_to_write("report-ASSIGNMENT.html, report-term.html")] = None,
    anonymous: Annotated[bool, option("Numbers instead of ids and names; no links.", "--anonymous")] = False,
) -> None:
    """Write one page on the class, for an assignment or the whole term.

    It shows who is missing, late or needs attention, scores, answers and mistakes; that of the term has a line
    per student. The pages need no network and can be printed.

    Example:  autograde report 06-adam --out adam.html
    """
    from autograde.pages.class_report import write_report

    def write(assignment: str | None) -> int:
        course, classes, _ = _classes_of(assignment)
        typer.echo(f"wrote {write_report(course, classes, course_dir(), assignment, out, anonymous)}")
        return 0

    if not (assignments or every):
        raise typer.Exit(write(None))
    for_each(assignments, every, write, out=out)


@app.command("export")
def export_command(
    assignments: Annotated[
        list[str] | None, argument(NAME_HELP, show_default="one table of all: csv, wide, long")
    ] = None,
    every: Annotated[bool, option("A file for each assignment.", "--all")] = False,
    format: Annotated[
        str,
        option(
            f"csv, wide, long, gradescope, {', '.join(SCORE_FORMATS)}.",
            "--format",
        ),
    ] = "csv",
    template: Annotated[Path | None, option("The other system's own export, to fill in.")] = None,
    column: Annotated[str | None, option('The column to fill, e.g. "HW1 (1234)".')] = None,
    comments: Annotated[
        str | None, option('Fill this column, too, with what students read, e.g. "Feedback comments".')
    ] = None,
    scale: Annotated[
        bool,
        option("Write each score as that part of the column's maximum which it is of its own.", "--scale"),
    ] = False,
    out: Annotated[
        Path | None, file_to_write("grades-ASSIGNMENT.csv, grades-ASSIGNMENT-FORMAT.csv, …")
    ] = None,
    accept_self_reported: Annotated[
        bool, option("Accept scores that stock nbgrader gave.", "--accept-self-reported")
    ] = False,
    zero_missing: Annotated[bool, option("Score missing submissions as 0.", "--zero-missing")] = False,
    answers: Annotated[
        bool, option("Write the students' code instead, for JPlag or MOSS.", "--answers")
    ] = False,
) -> None:
    """Write scores for another system.

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
    from autograde.lms.exporter import ExportOptions, export, require_known

    require_known(format)
    asked = ExportOptions(
        course_dir(), format, template, column, comments, scale, out, accept_self_reported, zero_missing
    )

    def write(assignment: str | None) -> int:
        if answers:
            return _export_answers(assignment, out)
        course, classes, kept = _classes_of(assignment)
        others = set(course.source_assignments()).difference(whole.key.assignment for whole in classes)
        ungraded = None if assignment else {name: course.submitters(name) for name in others}
        return 0 if export(classes, kept, ungraded, asked) else 1

    if not (assignments or every):
        raise typer.Exit(write(None))
    for_each(assignments, every, write, column=column, template=template, comments=comments, out=out)


def _export_answers(assignment: str | None, out: Path | None) -> int:
    from autograde.book.submission_rows import graded_students
    from autograde.lms.answers import write_answers

    if assignment is None:
        raise UsageError("--answers takes one assignment: name it.")
    with graded_assignment(assignment) as (course, gradebook, key):
        folder = out or course.root / f"answers-{assignment}"
        students = sorted(graded_students(gradebook, assignment))
    written, left_out = write_answers(course, key, students, folder)
    typer.echo(f"wrote the answers of {counted(len(written), 'student')} into {folder}")
    if left_out:
        typer.echo(f"no autograded notebook: {', '.join(left_out)}", err=True)
    return 0


def _classes_of(assignment: str | None) -> tuple[Any, list[Any], Any]:
    """The course, the class of an assignment or the classes of all, and whose senders are, as `read_matches` has it."""
    from autograde.book import class_results, roster

    with class_results.graded_course(course_dir(), assignment) as (course, gradebook):
        classes, doubts = class_results.read_classes(course, gradebook, assignment)
        show(doubts, err=True)
        return course, classes, roster.read_matches(gradebook)
