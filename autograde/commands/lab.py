"""`autograde lab`: the lessons in JupyterLab, in copies that are the student's own."""

from __future__ import annotations

from pathlib import Path

import typer

from autograde import arguments
from autograde.commands import app
from autograde.roles import needs, require
from autograde.telling import tell, warn


@app.command("lab", cls=needs("lab"))
def lab_command(
    course_dir: arguments.CourseOfLessons = None,
    port: arguments.LabPort = 8888,
    browser: arguments.OpenBrowser = True,
    start: arguments.StartLab = True,
    notebook: arguments.Notebook7 = False,
    teacher: arguments.AsTeacher = False,
) -> None:
    """Open the lessons in JupyterLab, in my-course/: copies that are yours.

    A lesson is copied once. What you wrote is never overwritten; new lessons are added.

    Example:  autograde lab
    """
    from autograde.lab.lessons import copies_folder
    from autograde.lab.server import environment, jupyter, run, trust

    if teacher:
        require("lab --teacher", "grader")
        root = (course_dir or Path()).resolve()
    else:
        root = copies_folder()
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
        tell("copied {file}", file=path.relative_to(copies.parent))
    if not added:
        tell("{folder}: nothing new, everything in it is as you left it", folder=copies.name)
    for path in unreadable(copies):
        warn(
            "{file} is not a notebook, or half of one: move it away, and the next run copies it again",
            file=path.relative_to(copies.parent),
        )
    return [path for path in added if path.suffix == ".ipynb"]
