"""`autograde release`: the notebooks that students get, registered in the gradebook."""

from __future__ import annotations

from pathlib import Path

import typer

from autograde import arguments
from autograde.commands import app
from autograde.errors import UsageError
from autograde.roles import needs
from autograde.telling import tell
from autograde.untrusted.names import printable


@app.command("release", cls=needs("grader"))
def release_command(
    assignment: arguments.SourceFolder = None,
    everything: arguments.EveryAssignment = False,
    course_dir: arguments.CourseDir = Path("."),
    force: arguments.OverwriteReleased = False,
) -> None:
    """Make notebooks/ASSIGNMENT without the solutions and register it in the gradebook.

    Where solutions/NN-name/name.md was edited, its notebook is made anew first.

    Example:  autograde release 06-adam
    """
    from autograde.assignments.settings import assignments

    if bool(assignment) == everything:
        raise UsageError.say("name one assignment, or say --all (autograde release --help shows both)")
    if not course_dir.is_dir():
        raise UsageError.say(
            "no folder {folder}: give the course's folder with --course-dir", folder=course_dir
        )
    names = assignments(course_dir) if everything else [assignment]
    if not names:
        raise UsageError.say(
            "no assignment in {folder} as NAME/NAME.ipynb. Another course: --course-dir",
            folder=course_dir / "solutions",
        )
    refused = []
    for name in names:
        try:
            _release(course_dir, name, force)
        except UsageError as refusal:
            if not everything:
                raise
            typer.echo(printable(str(refusal)), err=True)
            refused.append(name)
    if refused:
        raise UsageError.say(
            "not released, see above: {assignments}. All others are released.",
            assignments=", ".join(refused),
        )


def _release(course_dir: Path, name: str, force: bool) -> None:
    from autograde.assignments.settings import SOURCE
    from autograde.lessons.current import update_notebooks
    from autograde.lessons.release_notebooks import release_notebooks

    for made, text in update_notebooks(course_dir / SOURCE / name):
        tell("made {file} anew from {text}", file=made, text=text.name)
    for path in release_notebooks(course_dir, name, force=force):
        tell("released {file}", file=path)
