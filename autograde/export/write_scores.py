"""An export from the gradebook to the file, and what is said of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType

import typer

from autograde.delimited import DelimitedTable
from autograde.errors import UsageError
from autograde.export.formats import formats
from autograde.export.rows import ScoreRow, read_rows
from autograde.export.table import Exported, number
from autograde.files import put, put_where_asked
from autograde.grading.course import Course
from autograde.grading.flag_messages import GONE_NEXT
from autograde.grading.gradebook import SharedGradebook
from autograde.grading.graded_assignments import (
    graded_assignments,
    graded_course,
    handed_in_ungraded,
    key_of_graded,
)
from autograde.grading.results import GRADED, MISSING, WAITING
from autograde.grading.whole_class import read_class
from autograde.roster.naming import named
from autograde.telling import tell, tell_count, warn
from autograde.untrusted.names import printable
from descentlab.sentences import say, template

SHOWN = 100
USUAL = "csv"  # the format that is written unless another is asked for
NOT_IN_TEMPLATE = template("not in the template: {students}")
NOT_GRADED = template("in the template, but nothing of theirs is graded: {students}")
NOT_ON_ROSTER = template("in the template, but not on the roster: {students}")
STRANGER = template("handed in, but not on the roster, left out: {student}. Add: autograde roster add {id}")
STRANGER_NEAR = template(
    "handed in, but not on the roster, left out: {student} (nearest: {nearest}). Add: "
    "autograde roster add {id}"
)
OTHER_POINTS = template(
    "given out of other points than {assignment} has now ({now}), and written as they are: {students}. "
    "`autograde grade {assignment}` grades them again"
)
SELF_REPORTED = template(
    "self-reported, in the student's own process, by stock nbgrader: {students}. `autograde grade` replaces "
    "these scores; --accept-self-reported takes them"
)
NOTHING_GRADED = template(
    "{assignment} is left out, as nothing of it is graded: handed in by {students}. Type: autograde grade "
    "{assignment}"
)
OPEN_ANSWERS = template(
    "an answer in words waits for a person: {students}. `autograde lab --teacher`, then Nbgrader → Formgrader"
)
NO_GRADE = template("no grade, which needs you: {students}. Why: autograde explain {assignment} {first}")
# What is said of those without a final score, by what became of their lines.
NO_SCORE = {
    MISSING: {
        "": template("not handed in: {students}"),
        "empty": template("not handed in, left empty: {students}"),
        "as it was": template("not handed in, left as the template has it: {students}"),
        "out": template("not handed in, left out: {students}"),
        "zero": template("not handed in, 0 points: {students}"),
    },
    WAITING: {
        "": template("handed in, but not graded yet: {students}. Type: autograde grade {assignment}"),
        "empty": template(
            "handed in, but not graded yet, left empty: {students}. Type: autograde grade {assignment}"
        ),
        "as it was": template(
            "handed in, but not graded yet, left as the template has it: {students}. Type: autograde grade "
            "{assignment}"
        ),
        "out": template(
            "handed in, but not graded yet, left out: {students}. Type: autograde grade {assignment}"
        ),
    },
    "": {
        "": template("not final yet: {students}"),
        "empty": template("not final yet, left empty: {students}"),
        "as it was": template("not final yet, left as the template has it: {students}"),
        "out": template("not final yet, left out: {students}"),
    },
}


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
    complete = _say_who_has_no_score(exported, rows) and not ungraded
    for name, students in ungraded.items():
        _name(NOTHING_GRADED, students, assignment=name)
    complete &= _say_what_is_gone(gone)
    complete &= _say_who_does_not_match(exported, rows, strangers, whole.on_roster)
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


def _say_who_has_no_score(exported: Exported, rows: list[ScoreRow]) -> bool:
    """Whether everybody who handed in is in it with a final score, out of today's points."""
    assignments = list(dict.fromkeys(row.assignment for row in rows))
    complete = True
    for assignment in assignments:
        of_it = [row for row in rows if row.assignment == assignment]
        # Of several, a line without its assignment would merge them.
        of_which = f"{assignment}: " if len(assignments) > 1 else ""
        complete &= _say_who_has_no_score_of_it(exported, of_it, of_which)
        if earlier := [row for row in of_it if row.result.points_now is not None]:
            students = [f"{row.student} ({number(row.result.max_score)})" for row in earlier]
            _name(OTHER_POINTS, students, assignment=assignment, now=number(earlier[0].result.points_now))
            complete = False
    return complete


def _say_who_has_no_score_of_it(exported: Exported, rows: list[ScoreRow], of_which: str) -> bool:
    """Of one assignment: whether everybody who handed in is in it with a final score."""
    without: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        if row.final is None or row.result.status == MISSING:
            what = row.result.status if row.result.status in (MISSING, WAITING) else ""
            without.setdefault((what, _fate(exported, row)), []).append(row.student)
    for (what, fate), students in sorted(without.items(), reverse=True):
        _name(NO_SCORE[what][fate], students, of_which, assignment=rows[0].assignment)
    stuck = [row.student for row in rows if row.result.status not in (GRADED, MISSING, WAITING)]
    _name(NO_GRADE, stuck, of_which, assignment=rows[0].assignment)
    pending = [row for row in rows if row.result.pending_manual and row.result.status == GRADED]
    _name(OPEN_ANSWERS, [row.student for row in pending], of_which)
    _name(SELF_REPORTED, [row.student for row in rows if row.result.self_reported], of_which)
    return all(what == MISSING for what, _ in without)


def _say_what_is_gone(gone: dict[str, tuple[str, ...]]) -> bool:
    """Whether every grade is of something that is still there."""
    for assignment, students in gone.items():
        of_which = f"{assignment}: " if len(gone) > 1 else ""
        _name(GONE_NEXT, students, of_which, assignment=assignment)
    return not any(gone.values())


def _fate(exported: Exported, row: ScoreRow) -> str:
    """What became of the line of somebody without a final score: a key of the sentences above."""
    if row.final is not None:
        return "zero"
    if row.student in exported.left_out:
        return "out"
    if exported.open_scores:
        return ""
    return "as it was" if exported.filled else "empty"


def _say_who_does_not_match(
    exported: Exported, rows: list[ScoreRow], strangers: dict[str, tuple[str, ...]], on_roster: bool
) -> bool:
    """Whether the file, the gradebook and the roster name the same people, out of as many points."""
    _name(NOT_IN_TEMPLATE, exported.not_in_template)
    _name(NOT_ON_ROSTER if on_roster else NOT_GRADED, exported.not_in_gradebook)
    for student, nearest in strangers.items():
        who, near = printable(student), printable(", ".join(nearest))
        warn(STRANGER_NEAR if near else STRANGER, student=who, nearest=near, id=who)
    if exported.other_maxima:
        typer.echo(_of_other_maxima(exported.other_maxima, rows), err=True)
    return not (exported.not_in_template or exported.not_in_gradebook or exported.other_maxima or strangers)


def _of_other_maxima(stated: list[str], rows: list[ScoreRow]) -> str:
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
        tell("wrote {file}", file=path)
        return
    folder = out or usual
    for name, content in exported.content.items():
        put(folder / name, content)
    files = len(exported.content)
    tell_count("wrote {count} file into {folder}", "wrote {count} files into {folder}", files, folder=folder)


def _name(what: str, students: Sequence[str], of_which: str = "", **values: object) -> None:
    if students:
        students = list(dict.fromkeys(students))
        sentence = say(what, students=named(students, SHOWN), first=printable(students[0]), **values)
        typer.echo(f"{of_which}{sentence}", err=True)
