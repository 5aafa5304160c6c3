"""`autograde demo`: a class to look at."""

from pathlib import Path
from typing import Annotated

import typer

from autograde.commands import app

Solutions = Annotated[
    Path | None,
    typer.Option(
        help="The sdist of this version (descentlab-VERSION.tar.gz), or a folder.",
        show_default="the clone, or an sdist here, in dist/ or beside the wheel",
    ),
]


@app.command("demo")
def demo_command(
    folder: Annotated[Path, typer.Option("--dir", help="The folder of the demo course.")] = Path("demo"),
    students: Annotated[
        int | None,
        typer.Option(
            min=1, help="Number of students: some cases, or more honest ones.", show_default="all cases"
        ),
    ] = None,
    seed: Annotated[int, typer.Option(help="Seed of the additional honest students.")] = 0,
    solutions: Solutions = None,
) -> None:
    """Make and grade a class to look at.

    Its submissions are right, wrong and hostile; feedback pages are written too. A second run grades only what is new. The lessons come from a clone, or from the sdist of this version.

    Example:  autograde demo --students 3
    """
    from autograde.course.creation import find_solutions
    from autograde.selftest.demo.walkthrough import run_demo

    raise typer.Exit(run_demo(folder.resolve(), solutions or find_solutions(), students, seed))
