"""`autograde backup`: a course in one file."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from autograde.commands import CourseDir, app, needs
from autograde.scores import counted

Out = Annotated[
    Path | None, typer.Option(help="The file to write.", show_default="../backup-COURSE-DATE.tar.gz")
]


@app.command("backup", cls=needs("grader"))
def backup_command(course_dir: CourseDir = Path("."), out: Out = None) -> None:
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
