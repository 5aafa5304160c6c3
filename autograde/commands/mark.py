"""`autograde mark`: one notebook without a course."""

from pathlib import Path
from typing import Annotated

import typer

from autograde.commands import JsonFile, app


@app.command("mark", machine_fault=2)
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
    junit: Annotated[
        Path | None, typer.Option(help="Write a JUnit file.", metavar="FILE", dir_okay=False)
    ] = None,
    secret: Annotated[
        Path | None, typer.Option(help="Draw the checks' problems from this file, made if missing.")
    ] = None,
    isolation: Annotated[
        str,
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
    from autograde.course.mark_key import find_key
    from autograde.files import json_bytes, put_where_asked
    from autograde.grading.mark_one import MarkOptions, everything_earned, mark, print_marked, require_known
    from autograde.grading.mark_one import junit as as_junit
    from autograde.lms.formats import results_json as as_gradescope

    files = tuple(file for file in (json_file, results_json, junit) if file is not None)
    require_known(isolation)
    result = mark(MarkOptions(notebook, find_key(key, notebook), isolation, secret, files))
    if json_file:
        put_where_asked(json_file, json_bytes(result.as_json()))
    if results_json:
        put_where_asked(results_json, json_bytes(as_gradescope(result)))
    if junit:
        put_where_asked(junit, as_junit(result))
    print_marked(result)
    raise typer.Exit(0 if everything_earned(result) else 1)
