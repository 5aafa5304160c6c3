"""`autograde new`: a course's folder, an assignment of one's own."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from autograde.arguments import CourseDir
from autograde.commands import app
from autograde.roles import needs

new = typer.Typer(name="new", help="Make a course's folder, or an assignment in it.", no_args_is_help=True)
app.add_typer(new)


@new.command("course", cls=needs("grader"))
def course_command(
    folder: Annotated[Path, typer.Argument(help="The folder to make; new or empty.")],
    solutions: Annotated[
        Path | None,
        typer.Option(
            help="The sdist of this version (descentlab-VERSION.tar.gz), or a folder.",
            show_default="the clone, or the sdist in this folder, in dist/ or beside the wheel",
        ),
    ] = None,
    lesson: Annotated[
        list[str] | None,
        typer.Option(help="Only this lesson; can be repeated.", show_default="all"),
    ] = None,
    empty: Annotated[bool, typer.Option("--empty", help="No lesson: assignments of your own alone.")] = False,
) -> None:
    """Make a course's folder: solutions/, and nbgrader_config.py. Nothing is downloaded or overwritten.

    The folder of --solutions is a clone, or one that holds NAME/NAME.ipynb.

    Example:  autograde new course adam-2026 --lesson 01-sgd --lesson 06-adam
    """
    from autograde.new.make_course import find_solutions, make_course, make_empty_course
    from autograde.stopping import stop, stopping
    from descentlab.sentences import say, say_count

    if empty and (solutions or lesson):
        stop("new course", say("--empty takes no lesson: leave out --solutions and --lesson, or --empty"))
    with stopping("new course"):
        if empty:
            make_empty_course(folder)
            typer.echo(say("{folder}: no assignment yet", folder=folder))
            typer.echo(say("next:  cd {folder}  and  autograde new assignment NAME", folder=folder))
            return
        names = make_course(folder, solutions or find_solutions(), lesson)
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


@new.command("assignment", cls=needs("grader"))
def assignment_command(
    name: Annotated[str, typer.Argument(help="Its name: letters, digits, - and _.")],
    course_dir: CourseDir = Path("."),
) -> None:
    """Make solutions/NAME/NAME.ipynb: a notebook with ordinary nbgrader tests, to be edited.

    It can be released as it is: an answer with a test that students see and a hidden one, an answer whose
    test gives part of the points, and a question in words with a rubric.

    Example:  autograde new assignment hw1
    """
    from autograde.new.assignment import make_assignment
    from autograde.stopping import stopping
    from descentlab.sentences import say

    with stopping("new assignment"):
        path = make_assignment(course_dir, name)
    typer.echo(say("made {file}: edit it in JupyterLab (autograde lab --teacher)", file=path))
    typer.echo(say("next:  autograde release {name}", name=name))
