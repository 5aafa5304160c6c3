"""Who is not in an export with a final score, in sentences on stderr."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import typer

from autograde.export.rows import ScoreRow
from autograde.export.table import Exported, number
from autograde.grading.flag_messages import GONE_NEXT
from autograde.grading.results import GRADED, MISSING, WAITING
from autograde.roster.naming import named
from autograde.telling import warn
from autograde.untrusted.names import printable
from descentlab.sentences import say, template

SHOWN = 100
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


def say_who_has_no_score(exported: Exported, rows: list[ScoreRow]) -> bool:
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


def say_what_is_ungraded(ungraded: Mapping[str, Sequence[str]]) -> bool:
    """Whether something is graded of every assignment that somebody has handed in for."""
    for assignment, students in ungraded.items():
        _name(NOTHING_GRADED, students, assignment=assignment)
    return not ungraded


def say_what_is_gone(gone: dict[str, tuple[str, ...]]) -> bool:
    """Whether every grade is of something that is still there."""
    for assignment, students in gone.items():
        of_which = f"{assignment}: " if len(gone) > 1 else ""
        _name(GONE_NEXT, students, of_which, assignment=assignment)
    return not any(gone.values())


def _fate(exported: Exported, row: ScoreRow) -> str:
    """What became of the line of somebody without a final score: a key of the sentences above."""
    if row.student in exported.left_out:
        return "out"
    if row.final is not None:
        return "zero"
    if exported.open_scores:
        return ""
    return "as it was" if exported.filled else "empty"


def say_who_does_not_match(
    exported: Exported, rows: list[ScoreRow], strangers: dict[str, tuple[str, ...]], on_roster: bool
) -> bool:
    """Whether the file, the gradebook and the roster name the same people, out of as many points."""
    _name(NOT_IN_TEMPLATE, exported.not_in_template)
    _name(NOT_ON_ROSTER if on_roster else NOT_GRADED, exported.not_in_gradebook)
    for student, nearest in strangers.items():
        who, near = printable(student), printable(", ".join(nearest))
        warn(STRANGER_NEAR if near else STRANGER, student=who, nearest=near, id=who)
    if exported.other_maxima:
        warn(
            "the template says {stated} points at most, {assignment} has {ours}: scores were written as they "
            "are. Is this the right column? If so, give it {ours} points there first.",
            stated=", ".join(exported.other_maxima),
            assignment=rows[0].assignment,
            ours=number(rows[0].result.max_score),
        )
    return not (exported.not_in_template or exported.not_in_gradebook or exported.other_maxima or strangers)


def _name(what: str, students: Sequence[str], of_which: str = "", **values: object) -> None:
    if students:
        students = list(dict.fromkeys(students))
        sentence = say(what, students=named(students, SHOWN), first=printable(students[0]), **values)
        typer.echo(f"{of_which}{sentence}", err=True)
