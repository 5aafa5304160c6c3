"""`autograde restore`: a course from the file of `autograde backup`."""

from pathlib import Path
from typing import Annotated

import typer

from autograde.commands import app, needs

Archive = Annotated[Path, typer.Argument(help="The file of `autograde backup`.")]
Folder = Annotated[
    Path | None, typer.Argument(help="The course's folder.", show_default="the course's name, here")
]


@app.command("restore", cls=needs("grader"))
def restore_command(archive: Archive, folder: Folder = None) -> None:
    """Put back what `autograde backup` saved; overwrite nothing.

    FOLDER is new, or the course that lost files: existing files stay as they are. A gradebook in PostgreSQL
    is put back by pg_restore from gradebook.pgdump; what lay outside the course is in elsewhere/.

    Example:  autograde restore backup-adam-2026-DATE.tar.gz

    Exit status: 0 restored; 2 nothing was written.
    """
    from autograde.course.backup import restore

    typer.echo(f"restored: {restore(archive, folder)} (existing files stay as they were)")
