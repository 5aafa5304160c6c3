"""`autograde demo`: a class to look at."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from autograde.commands import app
from autograde.roles import needs


@app.command("demo", cls=needs("grader"))
def demo_command(
    folder: Annotated[Path, typer.Option("--dir", help="Where the demo course is made.")] = Path("demo"),
    students: Annotated[int, typer.Option(help="At least this many; every case once.")] = 24,
    seed: Annotated[int, typer.Option(help="Draws the students beyond one a case.")] = 0,
) -> None:
    """Make a class of right, wrong and hostile submissions, grade it and write its feedback pages.

    A second run grades only what is new.

    Example:  autograde demo --dir demo
    """
    from autograde.sandbox import SandboxError
    from autograde.stopping import stopping
    from autograde_demo.walkthrough import run_demo

    with stopping("demo", SandboxError):
        status = run_demo(folder.resolve(), students, seed)
    raise typer.Exit(status)
