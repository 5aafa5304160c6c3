"""`autograde new`: a course's folder."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from autograde.commands import app
from autograde.roles import needs

new = typer.Typer(name="new", help="Make a course's folder.", no_args_is_help=True)
app.add_typer(new)


@new.callback()
def _group() -> None:
    """Keeps the kind's name in the command, also while there is one kind."""


@new.command("course", cls=needs("grader"))
def course_command(
    folder: Annotated[Path, typer.Argument(help="The folder to make; new or empty.")],
    solutions: Annotated[
        Path, typer.Option(help="The sdist of this version (descentlab-VERSION.tar.gz), or a folder.")
    ],
) -> None:
    """Make a course's folder: solutions/, and nbgrader_config.py. Nothing is downloaded or overwritten.

    The folder of --solutions is a clone, or one that holds NAME/NAME.ipynb.

    Example:  autograde new course adam-2026 --solutions descentlab-0.1.0.tar.gz
    """
    from autograde.new.course import make_course
    from autograde.stopping import stopping
    from descentlab.sentences import say, say_count

    with stopping("new course"):
        names = make_course(folder, solutions)
    typer.echo(
        say_count(
            "{folder}: {count} assignment: {names}",
            "{folder}: {count} assignments: {names}",
            len(names),
            folder=folder,
            names=", ".join(names),
        )
    )
    typer.echo(say("next:  cd {folder}  and  autograde release --all", folder=folder))
