"""`autograde grade`: a class of submissions into nbgrader's gradebook."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from autograde.arguments import Assignment, CourseDir, Jobs, JsonFile, Students
from autograde.commands import app
from autograde.roles import needs


@app.command("grade", cls=needs("grader"))
def grade_command(
    assignment: Assignment,
    course_dir: CourseDir = Path("."),
    student: Students = None,
    jobs: Jobs = None,
    force: Annotated[bool, typer.Option("--force", help="Grade unchanged submissions again, too.")] = False,
    rejudge: Annotated[
        bool, typer.Option("--rejudge", help="Judge kept evidence again; runs no student's code.")
    ] = False,
    isolation: Annotated[str, typer.Option(help="auto: the best sandbox here; none: unprotected.")] = "auto",
    scheduler: Annotated[
        str | None,
        typer.Option(help="Workers: local:N here, or a Dask cluster at tls://HOST:PORT.", metavar="ADDRESS"),
    ] = None,
    json_file: JsonFile = None,
    ids: Annotated[bool, typer.Option("--ids", help="Mistakes by their ids, not in sentences.")] = False,
) -> None:
    """Grade what students submitted for ASSIGNMENT, each in a sandbox, into the gradebook.

    Only what is new or changed is graded; an interrupted run continues. --rejudge applies a changed rubric to
    what was graded before, and with --force also where feedback was returned already.

    Example:  autograde grade 06-adam --json results.json

    Exit status: 0 all graded; 1 a submission failed or needs a person; 2 nothing could be graded.
    """
    from autograde.files import json_bytes, put_where_asked
    from autograde.grading.grade_class import Options, grade_class
    from autograde.grading.terminal import Progress, show_outcome
    from autograde.sandbox import SandboxError
    from autograde.stopping import stop, stopping
    from descentlab.sentences import say

    if isolation not in ("auto", "none"):
        stop("grade", say("--isolation {isolation}: must be auto or none.", isolation=isolation))
    options = Options(
        assignment,
        course_dir,
        tuple(student or ()),
        force=force,
        rejudge=rejudge,
        isolation=isolation,
        scheduler=scheduler,
        **({"jobs": jobs} if jobs else {}),
    )
    with stopping("grade", SandboxError):
        with Progress() as progress:
            outcome = grade_class(options, progress.watcher())
        if json_file:  # before the table: whoever reads that may have gone
            put_where_asked(json_file, json_bytes([result.as_json() for result in outcome.everybody]))
        show_outcome(outcome, assignment, ids=ids)
    raise typer.Exit(outcome.exit_status)
