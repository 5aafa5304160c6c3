"""`autograde lab`: the lessons in JupyterLab, in copies that are the student's own."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from autograde.commands import app
from autograde.roles import needs, require


@app.command("lab", cls=needs("lab"))
def lab_command(
    course_dir: Annotated[
        Path | None,
        typer.Option(help="The course's folder.", show_default="this folder, or the installed lessons"),
    ] = None,
    port: Annotated[int, typer.Option(help="The port of JupyterLab.")] = 8888,
    browser: Annotated[bool, typer.Option(help="Open a browser window.")] = True,
    start: Annotated[bool, typer.Option(help="Start JupyterLab; --no-start only copies.")] = True,
    notebook: Annotated[
        bool, typer.Option("--notebook", help="Open Jupyter Notebook 7 in place of JupyterLab.")
    ] = False,
    teacher: Annotated[
        bool, typer.Option("--teacher", help="Open the course's folder instead, with formgrader.")
    ] = False,
) -> None:
    """Open the lessons in JupyterLab, in my-course/: copies that are yours.

    A lesson is copied once. What you wrote is never overwritten; new lessons are added.

    Example:  autograde lab
    """
    from autograde.lab.lessons import COPIES
    from autograde.lab.server import environment, jupyter, run, trust
    from autograde.stopping import stopping

    with stopping("lab"):
        if teacher:
            require("lab --teacher", "grader")
            root = (course_dir or Path()).resolve()
        else:
            root = Path(COPIES).resolve()
        variables = environment(root, student=not teacher)
        if not teacher:
            trust(_copy(course_dir, root), variables)
        if start:
            command = jupyter("notebook" if notebook else "jupyterlab", root, port, browser)
            raise typer.Exit(run(command, root, variables))


def _copy(course: Path | None, copies: Path) -> list[Path]:
    """The notebooks that are new in `copies`."""
    from autograde.lab.lessons import copy_lessons, lessons_of, unreadable
    from descentlab.sentences import say

    added = copy_lessons(lessons_of(course), copies)
    for path in added:
        typer.echo(say("copied {file}", file=path.relative_to(copies.parent)))
    if not added:
        typer.echo(say("{folder}: nothing new, everything in it is as you left it", folder=copies.name))
    for path in unreadable(copies):
        typer.echo(
            say(
                "{file} is not a notebook, or half of one: move it away, and the next run copies it again",
                file=path.relative_to(copies.parent),
            ),
            err=True,
        )
    return [path for path in added if path.suffix == ".ipynb"]
