"""An export from the gradebook to the file, and what is said of it."""

from __future__ import annotations

from pathlib import Path

import typer

from autograde.errors import UsageError
from autograde.export.formats import formats
from autograde.export.rows import Row, read_rows
from autograde.export.table import Exported, Template, number
from autograde.files import put, put_where_asked
from autograde.grading.graded_assignments import graded_assignment, graded_assignments

SHOWN = 10
WITH_OPEN_SCORES = ("csv", "gradescope")


def export(
    course_dir: Path,
    assignment: str | None,
    form: str,
    template: Path | None,
    column: str | None,
    out: Path | None,
) -> bool:
    """Write the export; returns whether everybody is in it with a final score, out of as many points.

    Raises:
        UsageError: an unknown format, or what the format itself refuses.
    """
    if form not in formats():
        raise UsageError(f"--format {form}: unknown. There are {', '.join(sorted(formats()))}.")
    table = Template.read(template) if template else None
    names = [assignment] if assignment else graded_assignments(course_dir)
    if len(names) > 1 and not getattr(formats()[form], "SEVERAL", False):
        raise UsageError(
            f"{form} takes one assignment at a time: autograde export {names[0]} --format {form}"
        )
    rows: list[Row] = []
    for name in names:
        with graded_assignment(course_dir, name) as (_, gradebook, key):
            rows += read_rows(gradebook, key)
    exported = formats()[form].export(rows, table, column)
    _write(exported, out, Path(f"{names[0] if len(names) == 1 else 'all'}-{form}"))
    waiting = list(dict.fromkeys(row.student for row in rows if row.final is None))
    left_empty = form not in WITH_OPEN_SCORES
    _name("not in the template", exported.not_in_template)
    _name("in the template, but nothing of theirs is graded", exported.not_in_gradebook)
    if exported.other_maxima:
        typer.echo(_of_other_maxima(exported.other_maxima, rows), err=True)
    _name("not final yet" + (", left empty" if left_empty else ""), waiting)
    amiss = exported.not_in_template or exported.not_in_gradebook or exported.other_maxima
    return not (amiss or (waiting and left_empty))


def _of_other_maxima(theirs: list[str], rows: list[Row]) -> str:
    ours = number(rows[0].result.max_score)
    return (
        f"the template says {' and '.join(theirs)} points at most, {rows[0].assignment} has {ours}: scores "
        f"were written as they are. Is this the right column? If so, give it {ours} points there first."
    )


def _write(exported: Exported, out: Path | None, usual: Path) -> None:
    if isinstance(exported.content, bytes):
        path = out or usual.with_name(f"{usual.name}.csv")
        put_where_asked(path, exported.content)
        typer.echo(f"wrote {path}")
        return
    folder = out or usual
    for name, content in exported.content.items():
        put(folder / name, content)
    typer.echo(f"wrote {len(exported.content)} files into {folder}")


def _name(what: str, students: list[str]) -> None:
    if students:
        shown = ", ".join(ascii(student)[1:-1] for student in students[:SHOWN])
        more = f" and {len(students) - SHOWN} more" if len(students) > SHOWN else ""
        typer.echo(f"{what}: {shown}{more}", err=True)
