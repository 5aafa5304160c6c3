"""`autograde demo`: a class to look at."""

from __future__ import annotations

from pathlib import Path

import typer

from autograde import arguments
from autograde.commands import app
from autograde.roles import needs


@app.command("demo", cls=needs("grader"))
def demo_command(
    folder: arguments.DemoFolder = Path("demo"),
    students: arguments.StudentCount = 24,
    seed: arguments.DemoSeed = 0,
) -> None:
    """Make a class of right, wrong and hostile submissions, grade it and write its feedback pages.

    A second run grades only what is new.

    Example:  autograde demo --dir demo
    """
    from autograde_demo.walkthrough import run_demo

    status = run_demo(folder.resolve(), students, seed)
    raise typer.Exit(status)
