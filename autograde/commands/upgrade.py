"""`autograde upgrade`: an older course folder brought up to this version."""

from __future__ import annotations

from pathlib import Path

import typer

from autograde import arguments
from autograde.commands import app
from autograde.roles import needs


@app.command("upgrade", cls=needs("grader"))
def upgrade_command(
    course: arguments.CourseFolder = Path("."),
    dry_run: arguments.OnlySay = False,
    copied: arguments.CopiedByHand = False,
) -> None:
    """Bring a course's folder that an earlier version made up to this one.

    The gradebook is copied first, beside it, with the date in the copy's name. Scores stay. A second run has
    nothing to do; a run that was broken off is done by the next one.

    Example:  autograde upgrade adam-2025

    Exit status: 0 the folder is of this version; 1 the disk or the database refused, nothing is changed; 2 it
    cannot be brought up, and why.
    """
    from autograde.upgrade.upgrade_course import upgrade

    upgrade(course, typer.echo, dry_run, copied)
