"""An export from the gradebook to the file, and what is said of it."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

import typer

from autograde.errors import UsageError
from autograde.export.formats import formats
from autograde.export.rows import Row, read_rows
from autograde.export.table import Exported, Template, number
from autograde.files import put, put_where_asked
from autograde.grading.graded_assignments import graded_assignment, graded_assignments
from descentlab.sentences import say, say_count, template

SHOWN = 10
WITH_OPEN_SCORES = ("csv", "gradescope")
NOT_IN_TEMPLATE = template("not in the template: {students}")
NOT_GRADED = template("in the template, but nothing of theirs is graded: {students}")
NOT_FINAL = template("not final yet: {students}")
SELF_REPORTED = template(
    "self-reported, in the student's own process, by stock nbgrader: {students}. `autograde grade` replaces "
    "these scores; --accept-self-reported takes them"
)
LEFT_EMPTY = template("not final yet, left empty: {students}")


def export(
    course_dir: Path,
    assignment: str | None,
    form: str,
    template_file: Path | None,
    column: str | None,
    out: Path | None,
    accept_self_reported: bool = False,
) -> bool:
    """Write the export; returns whether everybody is in it with a final score, out of as many points.

    A score that stock nbgrader gave is named, and counts as not final unless it is accepted.

    Raises:
        UsageError: an unknown format, or what the format itself refuses.
    """
    module = _format(form)
    table = Template.read(template_file) if template_file else None
    names = [assignment] if assignment else graded_assignments(course_dir)
    if len(names) > 1 and not getattr(module, "SEVERAL", False):
        command = f"autograde export {names[0]} --format {form}"
        raise UsageError.say(
            "{format} takes one assignment at a time: {command}", format=form, command=command
        )
    rows: list[Row] = []
    for name in names:
        with graded_assignment(course_dir, name) as (_, gradebook, key):
            rows += read_rows(gradebook, key)
    exported = module.export(rows, table, column)
    _write(exported, out, Path(f"{names[0] if len(names) == 1 else 'all'}-{form}"))
    self_reported = any(row.result.self_reported for row in rows)
    complete = _say_who_is_missing(exported, rows, left_empty=form not in WITH_OPEN_SCORES)
    return complete and (accept_self_reported or not self_reported)


def _format(form: str) -> ModuleType:
    if form not in formats():
        known = ", ".join(sorted(formats()))
        raise UsageError.say("--format {format}: unknown. There are {known}.", format=form, known=known)
    return formats()[form]


def _say_who_is_missing(exported: Exported, rows: list[Row], left_empty: bool) -> bool:
    """Whether nobody is, and each score is final or is not left empty."""
    waiting = list(dict.fromkeys(row.student for row in rows if row.final is None))
    _name(NOT_IN_TEMPLATE, exported.not_in_template)
    _name(NOT_GRADED, exported.not_in_gradebook)
    if exported.other_maxima:
        typer.echo(_of_other_maxima(exported.other_maxima, rows), err=True)
    _name(LEFT_EMPTY if left_empty else NOT_FINAL, waiting)
    self_reported = [row.student for row in rows if row.result.self_reported]
    _name(SELF_REPORTED, list(dict.fromkeys(self_reported)))
    amiss = exported.not_in_template or exported.not_in_gradebook or exported.other_maxima
    return not (amiss or (waiting and left_empty))


def _of_other_maxima(stated: list[str], rows: list[Row]) -> str:
    return say(
        "the template says {stated} points at most, {assignment} has {ours}: scores were written as they are."
        " Is this the right column? If so, give it {ours} points there first.",
        stated=", ".join(stated),
        assignment=rows[0].assignment,
        ours=number(rows[0].result.max_score),
    )


def _write(exported: Exported, out: Path | None, usual: Path) -> None:
    if isinstance(exported.content, bytes):
        path = out or usual.with_name(f"{usual.name}.csv")
        put_where_asked(path, exported.content)
        typer.echo(say("wrote {file}", file=path))
        return
    folder = out or usual
    for name, content in exported.content.items():
        put(folder / name, content)
    files = len(exported.content)
    typer.echo(
        say_count(
            "wrote {count} file into {folder}", "wrote {count} files into {folder}", files, folder=folder
        )
    )


def _name(what: str, students: list[str]) -> None:
    if students:
        shown = ", ".join(ascii(student)[1:-1] for student in students[:SHOWN])
        more = len(students) - SHOWN
        if more > 0:
            shown = say_count("{names} and {count} more", "{names} and {count} more", more, names=shown)
        typer.echo(say(what, students=shown), err=True)
