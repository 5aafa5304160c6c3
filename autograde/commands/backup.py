"""`autograde backup`: a course in one file."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from autograde import arguments
from autograde.commands import app
from autograde.roles import needs
from autograde.telling import tell, tell_count


@app.command("backup", cls=needs("grader"))
def backup_command(
    course_dir: arguments.CourseDir = Path("."),
    out: arguments.BackupFile = None,
) -> None:
    """Write the whole course into one file: gradebook, secret, configuration, submissions, results, feedback.

    To restore it: tar xzf FILE, and go on in the folder that it makes. A gradebook in PostgreSQL is in it as
    gradebook.pgdump: pg_restore.

    Example:  autograde backup --out /media/stick/adam-2026.tar.gz
    """
    from autograde.keeping.backup import backup

    archive = backup(course_dir, out, datetime.now())
    size = archive.path.stat().st_size / 2**20
    for name, folder in archive.elsewhere.items():
        tell("{folder} lies outside the course: it is in the file as {name}", folder=folder, name=name)
    tell_count(
        "{file}: {count} file, {size:.1f} MiB, readable by you alone",
        "{file}: {count} files, {size:.1f} MiB, readable by you alone",
        archive.files,
        file=archive.path,
        size=size,
    )
