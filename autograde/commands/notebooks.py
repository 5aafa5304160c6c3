"""`autograde notebooks`: a course's notebooks from its lessons' texts."""

from typing import Annotated

import typer

from autograde.commands import HERE, CourseDir, app
from autograde.errors import UsageError


@app.command("notebooks")
def notebooks_command(
    course_dir: CourseDir = HERE,
    check: Annotated[bool, typer.Option("--check", help="Write nothing; list stale notebooks.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Overwrite notebooks edited by hand.")] = False,
) -> None:
    """Make the notebooks from the lessons' texts.

    From each solutions/NN-name/name.md: the complete notebook beside it, and the one in notebooks/. `autograde release` does this for the lesson that it releases, and registers it in the gradebook.

    Example:  autograde notebooks

    Exit status: 0 done, or nothing is stale; 1 --check found stale notebooks; 2 something cannot be made.
    """
    from autograde.course.release import build, drift, lesson_paths

    if not lesson_paths(course_dir):
        raise UsageError(f"no lesson (solutions/NN-name/name.md) in {course_dir.resolve()}")
    if check:
        drifted = drift(course_dir)
        typer.echo("\n".join(drifted) or "nothing is stale")
        raise typer.Exit(int(bool(drifted)))
    else:
        for path in build(course_dir, force=force):
            typer.echo(f"wrote {path.relative_to(course_dir)}")
