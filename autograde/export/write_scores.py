"""An export from the gradebook to the file."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType

from autograde.delimited import DelimitedTable
from autograde.errors import UsageError
from autograde.export.export_messages import (
    say_what_is_gone,
    say_what_is_ungraded,
    say_who_does_not_match,
    say_who_has_no_score,
)
from autograde.export.formats import formats
from autograde.export.rows import ScoreRow, read_rows
from autograde.export.table import Exported
from autograde.files import put, put_where_asked
from autograde.grading.course import Course
from autograde.grading.gradebook import SharedGradebook
from autograde.grading.graded_assignments import (
    graded_assignments,
    graded_course,
    handed_in_ungraded,
    key_of_graded,
)
from autograde.grading.whole_class import read_class
from autograde.telling import tell, tell_count
from autograde.untrusted.names import printable

USUAL = "csv"  # the format that is written unless another is asked for


@dataclass(frozen=True)
class Asked:
    """What `autograde export` was asked for."""

    course_dir: Path
    assignment: str | None = None
    form: str = USUAL
    template: Path | None = None
    column: str | None = None
    out: Path | None = None
    accept_self_reported: bool = False
    zero_missing: bool = False


def export(asked: Asked) -> bool:
    """Write the export; returns whether everybody is in it with a final score, out of as many points.

    Who has not handed in is named. A score that stock nbgrader gave is named, and counts as not final unless
    it is accepted.

    Raises:
        UsageError: an unknown format, or what the format itself refuses.
    """
    module = _format(asked.form)
    table = DelimitedTable.read(asked.template) if asked.template else None
    rows: list[ScoreRow] = []
    strangers: dict[str, tuple[str, ...]] = {}
    gone: dict[str, tuple[str, ...]] = {}
    with graded_course(asked.course_dir, asked.assignment) as (course, gradebook):
        names, ungraded = _assignments(asked, course, gradebook)
        require_one(asked.form, names)
        for name in names:
            whole = read_class(course, gradebook, key_of_graded(course, gradebook, name))
            rows += read_rows(gradebook, whole)
            strangers |= whole.strangers
            gone[name] = whole.gone
    if asked.zero_missing:
        rows = [replace(row, score_if_missing=0.0) for row in rows]
    exported = module.export(rows, table, asked.column)
    require_somebody(exported, rows)
    _write(exported, asked.out, _usual_name(asked, names))
    self_reported = any(row.result.self_reported for row in rows)
    complete = say_who_has_no_score(exported, rows)
    complete &= say_what_is_ungraded(ungraded)
    complete &= say_what_is_gone(gone)
    complete &= say_who_does_not_match(exported, rows, strangers, whole.on_roster)
    return complete and (asked.accept_self_reported or not self_reported)


def _assignments(
    asked: Asked, course: Course, gradebook: SharedGradebook
) -> tuple[list[str], dict[str, list[str]]]:
    """The assignments to be written, and by those that are left out who has handed in."""
    if asked.assignment:
        return [asked.assignment], {}
    names = graded_assignments(course, gradebook)
    return names, handed_in_ungraded(course, names)


def require_one(form: str, names: list[str]) -> None:
    """Refuse several assignments where the format has one column.

    Raises:
        UsageError: naming the command for the first.
    """
    if len(names) > 1 and not getattr(_format(form), "SEVERAL", False):
        command = f"autograde export {names[0]} --format {form}"
        raise UsageError.say(
            "{format} takes one assignment at a time: {command}", format=form, command=command
        )


def require_somebody(exported: Exported, rows: list[ScoreRow]) -> None:
    """Refuse a template that names none of those who have a row.

    Raises:
        UsageError: naming what it was looked for by.
    """
    strangers_alone = bool(rows and exported.not_in_gradebook)
    if strangers_alone and {row.student for row in rows} <= set(exported.not_in_template):
        raise UsageError.say(
            "nobody in the template is in this course by id, login, LMS id or e-mail address ({first}, …), "
            "so nothing is written. Take the export of the system that the roster came from",
            first=printable(exported.not_in_gradebook[0]),
        )


def _usual_name(asked: Asked, names: list[str]) -> Path:
    """`grades-ASSIGNMENT-FORMAT` in the course's folder; of the whole term `grades-term`, and no `-csv`."""
    whole = asked.assignment is None and getattr(_format(asked.form), "SEVERAL", False)
    form = "" if asked.form == USUAL else f"-{asked.form}"
    return asked.course_dir / f"grades-{'term' if whole else names[0]}{form}"


def _format(form: str) -> ModuleType:
    if form not in formats():
        known = ", ".join(sorted(formats()))
        raise UsageError.say("--format {format}: unknown. There are {known}.", format=form, known=known)
    return formats()[form]


def _write(exported: Exported, out: Path | None, usual: Path) -> None:
    if isinstance(exported.content, bytes):
        path = out or usual.with_name(f"{usual.name}.csv")
        put_where_asked(path, exported.content)
        tell("wrote {file}", file=path)
        return
    folder = out or usual
    whole = {name: content for name, content in exported.content.items() if content is not None}
    for name in exported.content.keys() - whole.keys():
        (folder / name).unlink(missing_ok=True)
    for name, content in whole.items():
        put(folder / name, content)
    files = len(whole)
    tell_count("wrote {count} file into {folder}", "wrote {count} files into {folder}", files, folder=folder)
