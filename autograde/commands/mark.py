"""`autograde mark`: one notebook outside any course."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from autograde.arguments import JsonFile
from autograde.commands import app
from autograde.roles import needs


@app.command("mark", cls=needs("grader"))
def mark_command(
    notebook: Annotated[Path, typer.Argument(help="The notebook that was handed in.")],
    key: Annotated[
        str | None,
        typer.Option(
            help="What was handed out: a lesson's name, or a file.",
            metavar="FILE|LESSON",
            show_default="the lesson of the notebook's name",
        ),
    ] = None,
    json_file: JsonFile = None,
    results_json: Annotated[
        Path | None, typer.Option(help="Write what Gradescope reads there.", metavar="FILE")
    ] = None,
    junit: Annotated[Path | None, typer.Option(help="Write a JUnit file there.", metavar="FILE")] = None,
    secret: Annotated[
        Path | None,
        typer.Option(help="Draw the checks' problems from this file, made where it is not there."),
    ] = None,
    isolation: Annotated[
        str,
        typer.Option(
            help="auto: the best sandbox here, and without namespaces another user; same-user: without "
            "namespaces this user; none: unprotected."
        ),
    ] = "auto",
) -> None:
    """Mark one NOTEBOOK in a sandbox, with the lesson that is installed or with a key; needs no course.

    Checks, points and locked cells come from the lesson or the key, never from the notebook. Each run draws
    other problems, unless --secret names a file to draw them from.

    Example:  autograde mark adam.ipynb --key 06-adam --results-json results.json

    Exit status: 0 every automatic point was earned; 1 some were not, or a person has to look at the notebook;
    2 it could not be marked, and no results were written.
    """
    from rich.console import Console

    from autograde.errors import MachineError
    from autograde.export.formats.gradescope import results
    from autograde.files import json_bytes, put_where_asked
    from autograde.mark.junit import junit as as_junit
    from autograde.mark.key import find_key
    from autograde.mark.one_notebook import Options, everything_earned, mark, require_known
    from autograde.mark.printed import lines
    from autograde.sandbox import SandboxError
    from autograde.stopping import stopping

    files = tuple(file for file in (json_file, results_json, junit) if file is not None)
    with stopping("mark", SandboxError, MachineError):
        require_known(isolation)
        result = mark(Options(notebook, find_key(key, notebook), isolation, secret, files))
        if json_file:
            put_where_asked(json_file, json_bytes(result.as_json()))
        if results_json:
            put_where_asked(results_json, json_bytes(results(result)))
        if junit:
            put_where_asked(junit, as_junit(result))
        console = Console(highlight=False, soft_wrap=True)
        for line in lines(result):
            console.print(line)
    raise typer.Exit(0 if everything_earned(result) else 1)
