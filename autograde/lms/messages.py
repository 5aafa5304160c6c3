"""What an export says on stderr: who is not in it with a final score, and why."""

from collections.abc import Mapping, Sequence

import typer

from autograde.course.flags import GONE_NEXT
from autograde.course.results import GRADED, MISSING, WAITING
from autograde.lms.rows import Exported, ScoreRow, number
from autograde.scores import named
from autograde.untrusted.names import printable, shell_word

SHOWN = 100
GRADE = "Type: autograde grade {assignment}"
# Why a student has no final score, by the result's status; then what became of the line.
STATUS = {MISSING: "not handed in", WAITING: "handed in, but not graded yet"}
NOT_FINAL = "not final yet"
LEFT_OUT, ZERO, KEPT, EMPTY = ", left out", ", 0 points", ", left as the template has it", ", left empty"
OTHER_POINTS = (
    "out of other points than {assignment} has now ({now}), written as they are: {students}. "
    "`autograde grade {assignment}` grades them again"
)
SELF_REPORTED = (
    "self-reported, in the student's own process, by stock nbgrader: {students}. `autograde grade` replaces "
    "these scores; --accept-self-reported accepts them"
)
OWN_TESTS = (
    "self-reported, as your own test cells run in the student's process: {students}. Only checks are judged "
    "outside it"
)
NOTHING_GRADED = f"{{assignment}} is left out, as nothing of it is graded: handed in by {{students}}. {GRADE}"
OPEN_ANSWERS = (
    "an answer in words waits for a person: {students}. `autograde lab --teacher`, then Nbgrader → Formgrader"
)
NO_GRADE = "no grade, which needs you: {students}. Why: autograde explain {assignment} {first}"


def warn_about_scores(exported: Exported, rows: Sequence[ScoreRow]) -> bool:
    """Whether every submission has a final score, out of today's points; warns about the others."""
    assignments = dict.fromkeys(row.assignment for row in rows)
    complete = True
    for assignment in assignments:
        chosen = [row for row in rows if row.assignment == assignment]
        prefix = f"{assignment}: " if len(assignments) > 1 else ""
        complete &= _warn_about_one(exported, chosen, assignment, prefix)
        if earlier := [row for row in chosen if row.result.points_now is not None]:
            students = [f"{row.student} ({number(row.result.max_score)})" for row in earlier]
            _warn(OTHER_POINTS, students, assignment, now=number(earlier[0].result.points_now))
            complete = False
    return complete


def _warn_about_one(exported: Exported, rows: Sequence[ScoreRow], assignment: str, prefix: str) -> bool:
    without: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        if row.final is None or row.result.status == MISSING:
            status = STATUS.get(row.result.status, NOT_FINAL)
            without.setdefault((status, _fate(exported, row)), []).append(row.student)
    for (status, fate), students in sorted(without.items(), reverse=True):
        remedy = f". {GRADE}" if status == STATUS[WAITING] else ""
        _warn(f"{status}{fate}: {{students}}{remedy}", students, assignment, prefix)
    graded = [row for row in rows if row.result.status == GRADED]
    stuck = [row.student for row in rows if row.result.status not in (GRADED, *STATUS)]
    _warn(NO_GRADE, stuck, assignment, prefix)
    _warn(OPEN_ANSWERS, [row.student for row in graded if row.result.pending_manual], assignment, prefix)
    _warn(SELF_REPORTED, [row.student for row in rows if row.result.self_reported], assignment, prefix)
    _warn(OWN_TESTS, [test.grade_id for row in rows for test in row.result.own_tests], assignment, prefix)
    return all(status == STATUS[MISSING] for status, _ in without)


def _fate(exported: Exported, row: ScoreRow) -> str:
    """What became of the line of a student without a final score."""
    if row.student in exported.left_out:
        return LEFT_OUT
    if row.final is not None:
        return ZERO
    return "" if exported.open_scores else KEPT if exported.filled else EMPTY


def warn_about_ungraded(ungraded: Mapping[str, Sequence[str]]) -> bool:
    """Whether something is graded of every assignment with submissions; warns about the others."""
    for assignment, students in ungraded.items():
        _warn(NOTHING_GRADED, students, assignment)
    return not ungraded


def warn_about_gone(gone: Mapping[str, Sequence[str]]) -> bool:
    """Whether every graded submission still exists; warns about the others."""
    for assignment, students in gone.items():
        _warn(GONE_NEXT, students, assignment, f"{assignment}: " if len(gone) > 1 else "")
    return not any(gone.values())


def warn_about_matches(
    exported: Exported, rows: Sequence[ScoreRow], strangers: Mapping[str, Sequence[str]], on_roster: bool
) -> bool:
    """Whether template, gradebook and roster agree on the students and the points; warns if not."""
    _warn("not in the template: {students}", exported.not_in_template)
    place = "not on the roster" if on_roster else "nothing of theirs is graded"
    _warn(f"in the template, but {place}: {{students}}", exported.not_in_gradebook)
    for student, nearest in strangers.items():
        near = f" (nearest: {printable(', '.join(nearest))})" if nearest else ""
        typer.echo(
            f"handed in, but not on the roster, left out: {printable(student)}{near}. "
            f"Add: autograde roster add {shell_word(student)}",
            err=True,
        )
    if exported.other_maxima:
        ours = number(rows[0].result.max_score)
        typer.echo(
            f"the template says {', '.join(exported.other_maxima)} points at most, {rows[0].assignment} has "
            f"{ours}: scores were written as they are. Is this the right column? If so, give it {ours} points "
            "there first.",
            err=True,
        )
    return not (exported.not_in_template or exported.not_in_gradebook or exported.other_maxima or strangers)


def _warn(
    sentence: str, students: Sequence[str], assignment: str = "", prefix: str = "", **values: object
) -> None:
    if students:
        students = list(dict.fromkeys(students))
        values |= {"students": named(students, SHOWN), "first": shell_word(students[0])}
        typer.echo(prefix + sentence.format(assignment=assignment, **values), err=True)
