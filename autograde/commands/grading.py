"""`grade`, and nbgrader's own command: a class of submissions into nbgrader's gradebook; `mark`: one notebook without
a course.
"""

from fnmatch import fnmatchcase
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from autograde.commands import (
    HERE,
    Assignment,
    CourseDir,
    Isolation,
    Jobs,
    JsonFile,
    Students,
    app,
    flag,
    show_marked_up,
    stop,
)
from autograde.errors import AutogradeError, MachineError
from autograde.files import json_bytes, put_where_asked
from autograde.untrusted.names import shell_word


@app.command("grade")
def grade_command(
    assignment: Assignment,
    course_dir: CourseDir = HERE,
    student: Students = None,
    jobs: Jobs = None,
    force: Annotated[bool, flag("--force", "Regrade unchanged submissions too.")] = False,
    rejudge: Annotated[bool, flag("--rejudge", "Judge kept evidence again; run no student's code.")] = False,
    isolation: Annotated[
        Literal["auto", "none"], typer.Option(help="auto: the best sandbox here; none: unprotected.")
    ] = "auto",
    scheduler: Annotated[
        str | None,
        typer.Option(help="A Dask cluster's scheduler, tls://HOST:PORT.", metavar="ADDRESS"),
    ] = None,
    json_file: JsonFile = None,
) -> None:
    """Grade submissions in a sandbox, into the gradebook.

    Only new and changed submissions are graded; an interrupted run continues. --rejudge applies a changed
    rubric to what was graded before, and with --force also where feedback was returned already.

    Example:  autograde grade 06-adam --json results.json

    Exit status: 0 all graded, except answers that wait for manual grading, which are listed; 1 a submission
    failed or needs attention, or the run was stopped; 2 nothing could be graded.
    """
    from autograde.grading.grade_class import GradeOptions, grade_class
    from autograde.grading.terminal import Progress, same_again, show_outcome

    options = GradeOptions(
        assignment,
        course_dir,
        tuple(student or ()),
        force=force,
        rejudge=rejudge,
        isolation=isolation,
        scheduler=scheduler,
        **({"jobs": jobs} if jobs else {}),
    )
    try:
        with Progress() as progress:
            outcome = grade_class(options, progress.watcher())
    except KeyboardInterrupt:  # before the first submission; later the outcome says it
        again = same_again(shell_word(assignment), rejudge)
        stop("grade", f"interrupted. `{again}` begins again.", status=130)
    try:
        if json_file:  # before the table, whose reader may have gone
            put_where_asked(json_file, json_bytes([result.as_json() for result in outcome.everybody]))
    finally:
        show_outcome(outcome, assignment)
    raise typer.Exit(outcome.exit_status)


def grade_for_nbgrader(converter: Any) -> list[str]:
    """`nbgrader autograde` and formgrader's button grade as `autograde grade` does; returns lines for their log.

    `course/configuration.py` puts it in the place of nbgrader's `Autograde.start`, so that no student's code ever
    runs outside the sandbox.

    Raises:
        NbGraderException: a submission has no grade, with the reason.
    """
    from nbgrader.converters.base import NbGraderException

    from autograde.course.course import Course
    from autograde.course.results import GRADED
    from autograde.course.wording import score_of, what_happened
    from autograde.grading.grade_class import GradeOptions, grade_class

    directory = converter.coursedir
    course = Course(Path(directory.root), converter.config, directory)
    assignment, pattern = directory.assignment_id, directory.student_id
    try:
        submitted = [] if pattern == "*" else [one.student for one in course.submissions(assignment)]
        students = tuple(student for student in submitted if fnmatchcase(student, pattern))
        if submitted and not students:
            raise NbGraderException(f"no submission by {pattern!r}")
        options = GradeOptions(assignment, course.root, students, force=converter.force)
        outcome = grade_class(options, course=course)
    except AutogradeError as error:
        converter.log.error("%s", error)
        raise NbGraderException(str(error)) from error
    lines = [
        line
        for one in outcome.results
        for line in (f"{one.student}: {score_of(one.score, one.max_score)} points", *what_happened(one))
    ]
    if outcome.stopped or any(result.status != GRADED for result in outcome.results):
        lines += [outcome.stopped] if outcome.stopped else []
        converter.log.error("%s", "\n".join(lines))
        raise NbGraderException("\n".join(lines))
    return lines


@app.command("mark")
def mark_command(
    notebook: Annotated[Path, typer.Argument(help="The submitted notebook.")],
    key: Annotated[
        str | None,
        typer.Option(
            "--key",
            help="What was released: a lesson's name, or a file.",
            metavar="FILE|LESSON",
            show_default="the lesson with the notebook's name",
        ),
    ] = None,
    json_file: JsonFile = None,
    results_json: Annotated[
        Path | None, typer.Option(help="Write results for Gradescope.", metavar="FILE", dir_okay=False)
    ] = None,
    secret: Annotated[
        Path | None, typer.Option(help="Draw the checks' problems from this file, made if missing.")
    ] = None,
    isolation: Annotated[
        Isolation,
        typer.Option(
            help="auto: the best sandbox here, and without namespaces another user; same-user: without "
            "namespaces this user; none: unprotected."
        ),
    ] = "auto",
) -> None:
    """Mark one notebook in a sandbox, without a course.

    Checks, points and locked cells come from the lesson or the key, never from the notebook. Each run draws
    other problems, unless --secret names a file to draw them from.

    Example:  autograde mark adam.ipynb --key 06-adam --results-json results.json

    Exit status: 0 every automatic point was earned; 1 some were not, or the notebook needs attention; 2 it
    could not be marked, and no results were written.
    """
    from autograde.course.answer_key import find_key
    from autograde.grading.mark_one import MarkOptions, everything_earned, lines, mark
    from autograde.lms.formats import results_json as as_gradescope

    files = tuple(filter(None, (json_file, results_json)))
    try:
        result = mark(MarkOptions(notebook, find_key(key, notebook), isolation, secret, files))
    except MachineError as error:
        stop("mark", str(error))
    if json_file:
        put_where_asked(json_file, json_bytes(result.as_json()))
    if results_json:
        put_where_asked(results_json, json_bytes(as_gradescope(result)))
    show_marked_up(lines(result))
    raise typer.Exit(0 if everything_earned(result) else 1)
