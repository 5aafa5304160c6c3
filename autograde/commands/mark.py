"""`autograde mark`: one notebook outside any course."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from autograde import arguments
from autograde.commands import app
from autograde.roles import needs

if TYPE_CHECKING:
    from autograde.grading.results import Result


@app.command("mark", cls=needs("grader", machine_fault=2))
def mark_command(
    notebook: arguments.SubmittedFile,
    key: arguments.ReleasedFile = None,
    json_file: arguments.JsonFile = None,
    results_json: arguments.GradescopeFile = None,
    junit: arguments.JUnitFile = None,
    secret: arguments.SecretFile = None,
    isolation: arguments.IsolationOfOne = "auto",
) -> None:
    """Mark one NOTEBOOK in a sandbox, with the lesson that is installed or with a key; needs no course.

    Checks, points and locked cells come from the lesson or the key, never from the notebook. Each run draws
    other problems, unless --secret names a file to draw them from.

    Example:  autograde mark adam.ipynb --key 06-adam --results-json results.json

    Exit status: 0 every automatic point was earned; 1 some were not, or a person has to look at the notebook;
    2 it could not be marked, and no results were written.
    """
    from autograde.mark.key import find_key
    from autograde.mark.one_notebook import MarkOptions, everything_earned, mark, require_known
    from autograde.mark.printed import print_marked

    files = tuple(file for file in (json_file, results_json, junit) if file is not None)
    require_known(isolation)
    result = mark(MarkOptions(notebook, find_key(key, notebook), isolation, secret, files))
    _write(result, json_file, results_json, junit)
    print_marked(result)
    raise typer.Exit(0 if everything_earned(result) else 1)


def _write(result: Result, json_file: Path | None, results_json: Path | None, junit: Path | None) -> None:
    from autograde.export.formats.gradescope import results
    from autograde.files import json_bytes, put_where_asked
    from autograde.mark.junit import junit as as_junit

    if json_file:
        put_where_asked(json_file, json_bytes(result.as_json()))
    if results_json:
        put_where_asked(results_json, json_bytes(results(result)))
    if junit:
        put_where_asked(junit, as_junit(result))
