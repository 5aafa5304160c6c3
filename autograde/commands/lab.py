"""`autograde lab`: the lessons in JupyterLab, in copies that are the student's own."""

from __future__ import annotations

from pathlib import Path

import typer

from autograde.arguments import AsTeacher, CourseOfLessons, LabPort, Notebook7, OpenBrowser, StartLab
from autograde.commands import app
from autograde.roles import needs, require
from descentlab.sentences import say


@app.command("lab", cls=needs("lab"))
def lab_command(
    course_dir: CourseOfLessons = None,
    port: LabPort = 8888,
    browser: OpenBrowser = True,
    start: StartLab = True,
    notebook: Notebook7 = False,
    teacher: AsTeacher = False,
) -> None:
    """Open the lessons in JupyterLab, in my-course/: copies that are yours.

    A lesson is copied once. What you wrote is never overwritten; new lessons are added.

    Example:  autograde lab
    """
    from autograde.lab.lessons import COPIES
    from autograde.lab.server import environment, jupyter, run, trust

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
