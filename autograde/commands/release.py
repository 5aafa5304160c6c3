"""`autograde release`: the notebooks that students get, registered in the gradebook."""

from pathlib import Path
from typing import Annotated

import typer

from autograde.commands import HERE, CourseDir, app, assignment_name
from autograde.errors import UsageError
from autograde.untrusted.names import printable


@app.command("release")
def release_command(
    assignment: Annotated[
        str | None, typer.Argument(help="An assignment's folder in solutions/.", callback=assignment_name)
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="Release every assignment.")] = False,
    course_dir: CourseDir = HERE,
    force: Annotated[bool, typer.Option(help="Overwrite released notebooks that were edited.")] = False,
    untried: Annotated[
        bool, typer.Option("--untried", help="Release without running the solution first.")
    ] = False,
) -> None:
    """Make and register the notebooks that students get.

    Runs the solution, makes notebooks/ASSIGNMENT without it, and registers that in the gradebook. If solutions/NN-name/name.md was edited, its notebook is regenerated first. The release is refused if a
    cell fails, a check or test gives less than full points, or a link or section is missing.

    Example:  autograde release 06-adam
    """
    from autograde.course.assignments import assignments

    if bool(assignment) == every:
        raise UsageError("name one assignment, or use --all (autograde release --help shows both)")
    if not course_dir.is_dir():
        raise UsageError(f"no folder {course_dir}: name the course's with --course-dir")
    names = assignments(course_dir) if every else [assignment]
    if not names:
        place = course_dir / "solutions"
        raise UsageError(f"no assignment in {place} as NAME/NAME.ipynb. Another course: --course-dir")
    refused = []
    for name in names:
        try:
            _release(course_dir, name, force, not untried)
        except UsageError as refusal:
            if not every:
                raise
            typer.echo(printable(str(refusal)), err=True)
            refused.append(name)
    if refused:
        raise UsageError(f"not released, see above: {', '.join(refused)}. All others are released.")


def _release(course_dir: Path, name: str, force: bool, tried: bool) -> None:
    from autograde.course.assignments import SOURCE
    from autograde.course.lessons import update_notebooks
    from autograde.course.release import release_notebooks
    from autograde.grading.trial import try_solution

    for made, text in update_notebooks(course_dir / SOURCE / name):
        typer.echo(f"regenerated {made} from {text.name}")
    for path in release_notebooks(course_dir, name, force=force, trial=try_solution if tried else None):
        typer.echo(f"released {path}")
