"""An export, from the gradebook to the file."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import typer

from autograde.delimited import DelimitedTable
from autograde.errors import UsageError
from autograde.files import put, put_where_asked
from autograde.lms.gradescope import result_files
from autograde.lms.messages import (
    warn_about_gone,
    warn_about_matches,
    warn_about_scores,
    warn_about_ungraded,
)
from autograde.lms.rows import Exported, ScoreRow, read_rows
from autograde.lms.systems import SYSTEMS, fill_or_make
from autograde.lms.tables import csv_table, long_table, wide_table
from autograde.people.class_results import (
    graded_assignments,
    graded_course,
    handed_in_ungraded,
    key_of_graded,
    read_class,
)
from autograde.scores import counted
from autograde.untrusted.names import printable

CSV = "csv"
OWN: dict[str, Callable[[Sequence[ScoreRow]], Exported]] = {
    CSV: csv_table,
    "wide": wide_table,
    "long": long_table,
    "gradescope": result_files,
}
FORMATS = (*OWN, *SYSTEMS)
OF_SEVERAL = (CSV, "wide", "long")  # take several assignments at once


@dataclass(frozen=True)
class Asked:
    """The options of `autograde export`."""

    course_dir: Path
    assignment: str | None = None
    form: str = CSV
    template: Path | None = None
    column: str | None = None
    out: Path | None = None
    accept_self_reported: bool = False
    zero_missing: bool = False


def export(asked: Asked) -> bool:
    """Write the export; whether every submission is in it with a final score, out of as many points.

    Others are listed on stderr. A score by stock nbgrader counts as not final unless it is accepted.

    Raises:
        UsageError: an unknown format, or what the format itself refuses.
    """
    if asked.form not in FORMATS:
        raise UsageError(f"--format {asked.form}: unknown. Formats: {', '.join(sorted(FORMATS))}.")
    table = DelimitedTable.read(asked.template) if asked.template else None
    rows: list[ScoreRow] = []
    strangers: dict[str, tuple[str, ...]] = {}
    gone: dict[str, tuple[str, ...]] = {}
    with graded_course(asked.course_dir, asked.assignment) as (course, gradebook):
        names, ungraded = [asked.assignment], {}
        if asked.assignment is None:
            names = graded_assignments(course, gradebook)
            ungraded = handed_in_ungraded(course, names)
        require_one(asked.form, names)
        for name in names:
            whole = read_class(course, gradebook, key_of_graded(course, gradebook, name))
            rows += read_rows(gradebook, whole)
            strangers |= whole.strangers
            gone[name] = whole.gone
    if asked.zero_missing:
        rows = [replace(row, score_if_missing=0.0) for row in rows]
    exported = export_as(asked.form, rows, table, asked.column)
    require_somebody(exported, rows)
    _write(exported, asked.out, _usual_name(asked, names))
    complete = [
        warn_about_scores(exported, rows),
        warn_about_ungraded(ungraded),
        warn_about_gone(gone),
        warn_about_matches(exported, rows, strangers, whole.on_roster),
        asked.accept_self_reported or not any(row.result.self_reported for row in rows),
    ]
    return all(complete)


def export_as(
    form: str, rows: Sequence[ScoreRow], template: DelimitedTable | None = None, column: str | None = None
) -> Exported:
    """The rows in a format.

    Raises:
        UsageError: a template or column that the format does not take, or that does not fit.
    """
    if form in SYSTEMS:
        return fill_or_make(form, rows, template, column)
    if template or (column and form in OF_SEVERAL):
        raise UsageError(f"{form} takes no --template and no --column: it is a table of its own.")
    return OWN[form](rows)


def require_one(form: str, names: Sequence[str]) -> None:
    """Refuse several assignments for a format with one column.

    Raises:
        UsageError: naming the command for the first.
    """
    if len(names) > 1 and form not in OF_SEVERAL:
        command = f"autograde export {names[0]} --format {form}"
        raise UsageError(f"{form} takes one assignment at a time: {command}")


def require_somebody(exported: Exported, rows: Sequence[ScoreRow]) -> None:
    """Refuse a template that names none of the students.

    Raises:
        UsageError: naming how they were looked up.
    """
    if exported.not_in_gradebook and rows and {row.student for row in rows} <= {*exported.not_in_template}:
        raise UsageError(
            "nobody in the template is in this course by id, login, LMS id or e-mail address "
            f"({printable(exported.not_in_gradebook[0])}, …), so nothing is written. Take the export of the "
            "system that the roster came from"
        )


def _usual_name(asked: Asked, names: Sequence[str]) -> Path:
    """`grades-ASSIGNMENT-FORMAT` in the course's folder; `grades-term` for the whole term, no `-csv`."""
    whole = asked.assignment is None and asked.form in OF_SEVERAL
    form = "" if asked.form == CSV else f"-{asked.form}"
    return asked.course_dir / f"grades-{'term' if whole else names[0]}{form}"


def _write(exported: Exported, out: Path | None, usual: Path) -> None:
    if isinstance(exported.content, bytes):
        path = out or usual.with_name(f"{usual.name}.csv")
        put_where_asked(path, exported.content)
        typer.echo(f"wrote {path}")
        return
    folder, written = out or usual, 0
    for name, content in exported.content.items():
        if content is None:
            (folder / name).unlink(missing_ok=True)
        else:
            put(folder / name, content)
            written += 1
    typer.echo(f"wrote {counted(written, 'file')} into {folder}")
