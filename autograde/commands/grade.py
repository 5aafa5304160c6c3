"""`autograde grade`: a class of submissions into nbgrader's gradebook."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from autograde import arguments
from autograde.commands import app
from autograde.errors import UsageError
from autograde.roles import needs
from autograde.stopping import stop
from descentlab.sentences import say

if TYPE_CHECKING:
    from autograde.grading.grade_class import GradeOptions


@app.command("grade", cls=needs("grader"))
def grade_command(
    assignment: arguments.Assignment,
    course_dir: arguments.CourseDir = Path("."),
    student: arguments.Students = None,
    jobs: arguments.Jobs = None,
    force: arguments.GradeUnchanged = False,
    rejudge: arguments.Rejudge = False,
    isolation: arguments.Isolation = "auto",
    scheduler: arguments.Scheduler = None,
    json_file: arguments.JsonFile = None,
    ids: arguments.MistakeIds = False,
) -> None:
    """Grade what students submitted for ASSIGNMENT, each in a sandbox, into the gradebook.

    Only what is new or changed is graded; an interrupted run continues. --rejudge applies a changed rubric to
    what was graded before, and with --force also where feedback was returned already.

    Example:  autograde grade 06-adam --json results.json

    Exit status: 0 all graded, answers in words aside, which are named; 1 a submission failed or needs a
    person, or the run was stopped; 2 nothing could be graded.
    """
    from autograde.grading.grade_class import GradeOptions

    if isolation not in ("auto", "none"):
        raise UsageError.say("--isolation {isolation}: must be auto or none.", isolation=isolation)
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
    raise typer.Exit(_grade(options, json_file, ids))


def _grade(options: GradeOptions, json_file: Path | None, ids: bool) -> int:
    """Grade, and show what came of it; returns the exit status."""
    from autograde.files import json_bytes, put_where_asked
    from autograde.grading.grade_class import grade_class
    from autograde.grading.terminal import Progress, same_again, show_outcome

    try:
        with Progress() as progress:
            outcome = grade_class(options, progress.watcher())
    except KeyboardInterrupt:  # before the first submission; later ones are the outcome's
        again = same_again(options.assignment, options.rejudge)
        stop("grade", say("interrupted. `{command}` begins again.", command=again), status=130)
    try:
        if json_file:  # before the table: whoever reads that may have gone
            put_where_asked(json_file, json_bytes([result.as_json() for result in outcome.everybody]))
    finally:
        show_outcome(outcome, options.assignment, ids=ids)
    _say_what_is_not_released(options)
    return outcome.exit_status


def _say_what_is_not_released(options: GradeOptions) -> None:
    """Name lessons' texts that were edited since they were released: nothing was graded by them."""
    from autograde.assignments.settings import SOURCE, texts_edited_later

    for text in texts_edited_later(options.course_dir / SOURCE / options.assignment):
        from autograde.lessons.current import is_outgrown  # what reads texts is loaded where one was edited

        if not is_outgrown(text):
            continue
        sentence = say(
            "{text} was edited and is not released, so nothing was graded by it: autograde release "
            "{assignment}, then grade again.",
            text=text.name,
            assignment=options.assignment,
        )
        typer.echo(sentence, err=True)
