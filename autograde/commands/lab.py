"""`autograde lab`: the lessons in JupyterLab, in copies that are the student's own."""

from pathlib import Path
from typing import Annotated

import typer

from autograde.commands import app, require

Course = Annotated[
    Path | None,
    typer.Option(help="The course's folder.", show_default="this folder, or the installed lessons"),
]


@app.command("lab", "lab")
def lab_command(
    course_dir: Course = None,
    port: Annotated[int, typer.Option(help="The port of JupyterLab.")] = 8888,
    browser: Annotated[bool, typer.Option(help="Open a browser window.")] = True,
    start: Annotated[bool, typer.Option(help="Start JupyterLab; --no-start only copies.")] = True,
    notebook: Annotated[
        bool, typer.Option("--notebook", help="Open Jupyter Notebook 7 instead of JupyterLab.")
    ] = False,
    teacher: Annotated[
        bool, typer.Option("--teacher", help="Open the course's folder instead, with formgrader.")
    ] = False,
) -> None:
    """Open your copies of the lessons in JupyterLab.

    They are in my-course/. A lesson is copied once. What you wrote is never overwritten; new lessons are added.

    Example:  autograde lab
    """
    from autograde.lab import workspace

    if teacher:
        require("lab --teacher", "grader")
    root = (course_dir or Path()).resolve() if teacher else workspace.copies_folder()
    variables = workspace.environment(root, student=not teacher)
    if not teacher:
        added = workspace.copy_lessons(workspace.lessons_of(course_dir), root)
        for path in added:
            typer.echo(f"copied {path.relative_to(root.parent)}")
        if not added:
            typer.echo(f"{root.name}: nothing new, everything is as you left it")
        workspace.trust(added, variables)
    if start:
        command = workspace.jupyter("notebook" if notebook else "jupyterlab", root, port, browser)
        raise typer.Exit(workspace.run(command, root, variables))
