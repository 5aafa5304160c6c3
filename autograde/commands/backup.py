"""`autograde backup` and `autograde restore`: a course in one file, and back."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from autograde.commands import HERE, CourseDir, app
from autograde.scores import counted


@app.command("backup")
def backup_command(
    course_dir: CourseDir = HERE,
    out: Annotated[
        Path | None, typer.Option(help="The file to write.", show_default="../backup-COURSE-DATE.tar.gz")
    ] = None,
) -> None:
    """Write the whole course into one file.

    That is gradebook, secret, configuration, submissions, results and feedback; `autograde restore` puts it
    back. A gradebook in PostgreSQL is in it as gradebook.pgdump.

    Example:  autograde backup --out /media/stick/adam-2026.tar.gz
    """
    from autograde.course.backup import backup

    archive = backup(course_dir, out, datetime.now())
    size = archive.path.stat().st_size / 2**20
    for name, folder in archive.elsewhere.items():
        typer.echo(f"{folder} lies outside the course: it is in the file as {name}")
    typer.echo(f"{archive.path}: {counted(archive.files, 'file')}, {size:.1f} MiB, readable by you alone")


@app.command("restore")
def restore_command(
    archive: Annotated[Path, typer.Argument(help="The file of `autograde backup`.")],
    folder: Annotated[
        Path | None, typer.Argument(help="The course's folder.", show_default="the course's name, here")
    ] = None,
) -> None:
    """Put back what `autograde backup` saved; overwrite nothing.

    FOLDER is new, or the course that lost files: existing files stay as they are. A gradebook in PostgreSQL
    is put back by pg_restore from gradebook.pgdump; what lay outside the course is in elsewhere/.

    Example:  autograde restore backup-adam-2026-DATE.tar.gz

    Exit status: 0 restored; 2 nothing was written.
    """
    from autograde.course.backup import restore

    typer.echo(f"restored: {restore(archive, folder)} (existing files stay as they were)")
