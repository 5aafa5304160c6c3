"""`grade`: a class of submissions into nbgrader's gradebook; `marks`: what persons gave;
`grade-one`: one notebook without a course.
"""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from autograde.commands import (
    MACHINES,
    NAME_HELP,
    Assignment,
    Assignments,
    Encoding,
    Every,
    Isolation,
    JsonFile,
    Students,
    app,
    argument,
    assignment_name,
    course_dir,
    file_to_write,
    for_each,
    graded_assignment,
    option,
    show,
    show_marked_up,
    stop,
)
from autograde.entries.wording import counted, lines_about
from autograde.errors import MachineError, UsageError
from autograde.files import json_bytes, put_where_asked
from autograde.untrusted.names import printable, shell_word


@app.command("grade")
def grade_command(
    assignments: Assignments = None,
    every: Every = False,
    student: Students = None,
    jobs: Annotated[int | None, option("Processes at once.", min=1, show_default="one a core")] = None,
    force: Annotated[bool, option("Regrade unchanged submissions too.", "--force")] = False,
    rejudge: Annotated[
        bool, option("Judge kept evidence again; run no student's code.", "--rejudge")
    ] = False,
    isolation: Annotated[
        Literal["auto", "none"], option("auto: the best sandbox here; none: unprotected.")
    ] = "auto",
    scheduler: Annotated[
        str | None, option("A Dask cluster's scheduler, tls://HOST:PORT.", metavar="ADDRESS")
    ] = None,
    json_file: JsonFile = None,
) -> None:
    """Grade submissions in a sandbox, into the gradebook.

    Only new and changed submissions are graded; an interrupted run continues. --rejudge applies a changed
    rubric to what was graded before, and with --force also where feedback was returned already.

    \b
    Examples:  autograde grade 06-adam --json results.json
               autograde grade --all

    Exit status: 0 all graded, except answers that wait for manual grading, which are listed; 1 a submission
    failed or needs attention, or the run was stopped; 2 nothing could be graded.
    """
    from autograde.grading import grade_class, terminal

    results: list[dict[str, Any]] = []

    def grade(assignment: str) -> int:
        options = grade_class.GradeOptions(
            assignment,
            course_dir(),
            tuple(student or ()),
            force=force,
            rejudge=rejudge,
            isolation=isolation,
            scheduler=scheduler,
            **({"jobs": jobs} if jobs else {}),
        )
        try:
            with terminal.Progress() as progress:
                outcome = grade_class.grade_class(options, progress.watcher())
        except KeyboardInterrupt:  # before the first submission; later the outcome says it
            again = terminal.same_again(shell_word(assignment), rejudge)
            stop("grade", f"interrupted. `{again}` begins again.", status=130)
        results.extend(result.as_json() for result in outcome.everybody)
        try:
            if json_file:  # before the table, whose reader may have gone
                put_where_asked(json_file, json_bytes(results))
        finally:
            terminal.show_outcome(outcome, assignment)
        return outcome.exit_status

    for_each(assignments, every, grade)


by_hand = app.group("marks", "Points and comments given by hand: several markers, overrides.")
Really = Annotated[bool, option("Write them; otherwise only show what would be written.", "--yes")]
OfSection = Annotated[str | None, option("Only students of this section on the roster.")]


@by_hand.command("page")
def page_command(
    assignment: Assignment,
    answer: Annotated[
        str | None, argument("The id of an answer in words.", show_default="the only one")
    ] = None,
    section: OfSection = None,
    out: Annotated[Path | None, file_to_write("marks-ASSIGNMENT-ANSWER.html")] = None,
) -> None:
    """Write a page to mark all answers to one question, with the keyboard alone.

    One file for any browser, without a server and without names: each answer has a code. Keys give points, make
    rubric lines and comments; the page saves a table, and `autograde marks import` gives it. Equal answers are one.
    Open an earlier table in a newer page to go on: marks of answers that have changed since are listed.

    Example:  autograde marks page 06-adam adam/words-correction --section A
    """
    from autograde.book import class_results, roster
    from autograde.pages.marks_page import answer_in_words, marks_page

    with graded_assignment(assignment) as (course, gradebook, key):
        name, chosen = answer_in_words(key, answer), roster.submitters_in(gradebook, assignment, section)
        whole = class_results.read_class(course, gradebook, key)
    page, count, left_out = marks_page(course, whole, name, chosen)
    path = out or course.root / f"marks-{assignment}-{name.rpartition('/')[2]}.html"
    put_where_asked(path, page.encode("utf-8", "replace"))
    show((printable(f"left out: {line}") for line in left_out), err=True)
    typer.echo(f"wrote {path}: {counted(count, 'answer')}")


@by_hand.command("compare")
def compare_command(
    first: Annotated[Path, argument("A table of marks.")],
    second: Annotated[Path, argument("Another marker's, of the same answers.")],
    by: Annotated[float, option("List answers whose points differ by at least this.", "--by", min=0)] = 1.0,
    encoding: Encoding = None,
) -> None:
    """List the answers to which two markers gave different points, and say how far they agree. Writes nothing.

    Example:  autograde marks compare marks-ada.csv marks-emile.csv --by 0.5

    Exit status: 0 none differ by so much; 1 some do, and are listed; 2 no answer is in both.
    """
    from autograde.book import class_results
    from autograde.book.marks import codes_of
    from autograde.entries.mark import compared, marks_in

    one, other = marks_in(first, encoding), marks_in(second, encoding)
    students = {}
    with (
        suppress(UsageError),
        class_results.graded_course(course_dir()) as (_, gradebook),
    ):  # nobody else knows whose a code is
        for assignment in {mark.assignment for mark in one}:
            students |= {code: mark.student for code, mark in codes_of(gradebook, assignment).items()}
    differences, agreement = compared(one, other, by, students)
    show(map(printable, differences))
    typer.echo(agreement)
    raise typer.Exit(1 if differences else 0)


@by_hand.command("export")
def export_command(
    assignment: Annotated[
        str | None, argument(NAME_HELP, show_default="all", callback=assignment_name)
    ] = None,
    section: OfSection = None,
    marker: Annotated[str, option("Who gives what says nobody's name.", show_default="this user")] = "",
    out: Annotated[Path | None, file_to_write("marks-ASSIGNMENT.csv, marks.csv")] = None,
) -> None:
    """Write what persons gave: points, extra credit and comments, by whom and when.

    Answers in words without points have lines to fill in. For another copy of the same course, where
    `autograde marks import` merges it: gradebook.db itself cannot be merged, and copying it over another one loses
    what was given there.

    Example:  autograde marks export 06-adam --section A
    """
    from autograde.book import class_results, marks
    from autograde.entries.mark import table_of

    with class_results.graded_course(course_dir(), assignment) as (course, gradebook):
        classes, doubts = class_results.read_classes(course, gradebook, assignment)
        show(doubts, err=True)
        keys = [whole.key for whole in classes]
        exported = marks.export_marks(gradebook, keys, section, marker)
        path = out or course.root / f"marks{f'-{assignment}' if assignment else ''}.csv"
    put_where_asked(path, table_of(exported))
    typer.echo(f"wrote {path}: {counted(len(exported), 'answer')}")


@by_hand.command("import")
def import_command(
    file: Annotated[Path, argument("A table of a marks page, of `autograde marks export`, or one like it.")],
    yes: Really = False,
    overwrite: Annotated[
        bool, option("Also where other points or another comment stand.", "--overwrite")
    ] = False,
    encoding: Encoding = None,
) -> None:
    """Give answers the points, extra credit and comments in FILE.

    Columns: assignment, student, answer (its id, or a check's name), points; perhaps extra, comment, by, when,
    and of, which `marks export` fills: where it does, an answer that has changed since gets nothing. What is
    empty stays as it is. Other points than those that stand are listed, and not written without --overwrite.

    Example:  autograde marks import marks-06-adam.csv --yes

    Exit status: 0 all given or there already; 1 some are not, and are listed; 2 nothing was written.
    """
    from autograde.entries.mark import marks_in

    _give(lambda *_: marks_in(file, encoding), yes, overwrite)


@by_hand.command("full")
def full_command(
    assignment: Assignment,
    answer: Annotated[str, argument("Its id, or its check's name, as `autograde explain` shows.")],
    yes: Really = False,
    off: Annotated[bool, option("End it: those points count no longer.", "--off")] = False,
) -> None:
    """Give all points of ANSWER to everybody, also to who hands in later.

    For a question that was broken. The points stay when submissions are graded again, until --off.

    Example:  autograde marks full 06-adam adam/update --yes
    """
    from autograde.book import class_results, marks

    def full(course: Any, gradebook: Any) -> Any:
        key = class_results.key_of_graded(course, gradebook, assignment)
        full_marks = marks.full_marks(gradebook, key, answer)
        if yes and not off:
            marks.keep_full(gradebook, full_marks)
        return full_marks

    if not off:
        _give(full, yes, overwrite=True)
    with class_results.graded_course_alone(course_dir()) as (course, gradebook):
        full_marks = full(course, gradebook)
        ended = marks.end_full(gradebook, full_marks) if yes else []
    typer.echo(f"{counted(len(ended), 'mark')} ended" if yes else "nothing was ended; to end it: --yes")


def _give(marks_of: Callable[[Any, Any], Any], yes: bool, overwrite: bool) -> None:
    from autograde.book import class_results, marks

    with class_results.graded_course_alone(course_dir()) as (course, gradebook):
        to_give = marks_of(course, gradebook)
        names = {mark.assignment for mark in to_give}
        keys = [class_results.key_of_graded(course, gradebook, name) for name in names]
        given, refused, kept = marks.give_marks(gradebook, course.config, keys, to_give, yes, overwrite)
    show(map(printable, given))
    show((printable(f"not given: {line}") for line in refused), err=True)
    show(lines_about({"empty in the table, left as they are: {students}": kept}))
    done = "given" if yes else "would be given; to write them: --yes"
    typer.echo(f"{counted(len(given), 'mark')} {done}")
    raise typer.Exit(1 if refused else 0)


@app.command("grade-one", rich_help_panel=MACHINES)
def grade_one_command(
    notebook: Annotated[Path, argument("The submitted notebook.")],
    key: Annotated[
        str | None,
        option(
            "What was released: a lesson's name, or a file.",
            "--key",
            metavar="FILE|LESSON",
            show_default="the lesson with the notebook's name",
        ),
    ] = None,
    json_file: JsonFile = None,
    results_json: Annotated[
        Path | None, option("Write results for Gradescope.", metavar="FILE", dir_okay=False)
    ] = None,
    secret: Annotated[
        Path | None, option("Draw the checks' problems from this file, made if missing.")
    ] = None,
    isolation: Annotated[
        Isolation,
        option(
            "auto: the best sandbox here, and without namespaces another user; same-user: without "
            "namespaces this user; none: unprotected."
        ),
    ] = "auto",
) -> None:
    """Grade one notebook in a sandbox, without a course.

    Checks, points and locked cells come from the lesson or the key, never from the notebook. Each run draws
    other problems, unless --secret names a file to draw them from.

    Example:  autograde grade-one adam.ipynb --key 06-adam --results-json results.json

    Exit status: 0 every automatic point was earned; 1 some were not, or the notebook needs attention; 2 it
    could not be graded, and no results were written.
    """
    from autograde.grading.grade_one import GradeOneOptions, everything_earned, grade_one, lines
    from autograde.lms.formats import results_json as as_gradescope
    from autograde.release.keys import find_key

    files = tuple(filter(None, (json_file, results_json)))
    try:
        result = grade_one(GradeOneOptions(notebook, find_key(key, notebook), isolation, secret, files))
    except MachineError as error:
        stop("grade-one", str(error))
    if json_file:
        put_where_asked(json_file, json_bytes(result.as_json()))
    if results_json:
        put_where_asked(results_json, json_bytes(as_gradescope(result)))
    show_marked_up(lines(result))
    raise typer.Exit(0 if everything_earned(result) else 1)
