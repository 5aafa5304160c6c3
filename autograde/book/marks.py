"""Points and comments that a person gave, in the gradebook.

nbgrader knows neither who gave points nor when. A table of ours knows it of those that a command gave; of others it
is whoever exports them.
"""

from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import replace

from nbgrader.api import Comment, Grade, Gradebook, MissingEntry
from sqlalchemy import Column, Float, Row, Text
from traitlets.config import Config

from autograde.book import late, submission_rows
from autograde.book.gradebook import SharedGradebook, rows_of_cells
from autograde.book.roster import members_of, read_groups, read_roster, submitters_in
from autograde.book.tables import GradebookTable
from autograde.entries.answer_key import AnswerKey, answer_named
from autograde.entries.mark import Mark, signed
from autograde.entries.matching import Matcher, said_in
from autograde.entries.wording import points
from autograde.errors import UsageError

MARKS = GradebookTable(
    "autograde_mark", "assignment student answer", Column("points", Float), by=Text, when=Text
)
OF_MEMBERS = GradebookTable(
    "autograde_member_mark",
    "assignment student answer",
    Column("points", Float),
    Column("extra", Float),
    comment=Text,
)
"""What a person gave one member of a group, in place of its points or besides."""
FULL = GradebookTable("autograde_full", "assignment answer")
"""Answers of which everybody has all points, also who hands in later."""
EVERYBODY = "for everybody"  # who gave these points


def codes_of(gradebook: SharedGradebook, assignment: str) -> dict[str, Mark]:
    """Whose answer a code is that stands on a marks page in place of a name: random, as nbgrader drew it."""
    grades = gradebook.db.execute(rows_of_cells(Grade, assignment, Grade.id))
    return {code: Mark(assignment, student, name) for student, name, code in grades}


def read_own_marks(gradebook: Gradebook, assignment: str) -> dict[tuple[str, str], Row]:
    """What members have of their own, by student and "notebook/grade_id"."""
    return {(row.student, row.answer): row for row in OF_MEMBERS.rows(gradebook, assignment=assignment)}


def read_marks(gradebook: SharedGradebook, assignment: str) -> dict[tuple[str, str], Mark]:
    """What the gradebook has of every graded answer, by student and "notebook/grade_id"."""
    rows = submission_rows.read_rows(gradebook, assignment)
    comments = submission_rows.read_comments(gradebook, assignment, Comment.manual_comment)
    made = {}
    for student, name, grade in gradebook.db.execute(rows_of_cells(Grade, assignment, Grade)):
        where = student, name
        earlier = grade.manual_score is not None and grade.needs_manual_grade
        of = rows[student].digest_of(name, earlier) if student in rows else ""
        comment = comments.get(where, "")
        made[where] = Mark(assignment, *where, grade.manual_score, grade.extra_credit, comment, of)
    members, theirs = members_of(read_groups(gradebook, assignment)), read_own_marks(gradebook, assignment)
    for (group, name), mark in list(made.items()):
        for where in ((student, name) for student in members.get(group, ())):
            of_own = Mark(assignment, *where, of=mark.of)
            if row := theirs.get(where):
                of_own = replace(of_own, points=row.points, extra=row.extra, comment=row.comment)
            made.setdefault(where, of_own)
    for row in MARKS.rows(gradebook, assignment=assignment):
        mark = made.get((row.student, row.answer))
        if mark and mark.points == row.points:  # else they are no longer those that this person gave
            made[mark.where] = replace(mark, by=row.by, when=row.when)
    return made


def export_marks(
    gradebook: SharedGradebook, keys: Iterable[AnswerKey], section: str | None, marker: str
) -> list[Mark]:
    """What persons gave, in one section or in all.

    An answer in words without points is there to be filled in. Who gave what is `marker` where the gradebook does not
    know; without one the user.

    Raises:
        UsageError: nobody is in that section.
    """
    chosen_marks = []
    for key in keys:
        chosen = submitters_in(gradebook, key.assignment, section)
        in_words = {name for name, cell in key.graded_cells.items() if cell.manual}
        groups = read_groups(gradebook, key.assignment)
        for mark in read_marks(gradebook, key.assignment).values():
            is_read = mark.answer in in_words and mark.student not in groups
            if (mark.values or is_read) and (chosen is None or mark.student in chosen):
                chosen_marks.append(signed(mark, marker))
    return chosen_marks


def full_answers(gradebook: SharedGradebook, assignment: str) -> set[str]:
    """The answers, as "notebook/grade_id", of which everybody has all points."""
    return {name for (name,) in FULL.rows(gradebook, "answer", assignment=assignment)}


def full_marks(gradebook: SharedGradebook, key: AnswerKey, answer: str) -> list[Mark]:
    """All points of an answer, for everybody whose submission is graded.

    Raises:
        UsageError: the assignment has no such answer.
    """
    name = answer_named(key, answer)
    if name not in key.points:
        names = ", ".join(cell.check or cell.grade_id for cell in key.graded_cells.values())
        raise UsageError(f"{key.assignment} has no answer {answer!r}. It has: {names}.")
    groups = read_groups(gradebook, key.assignment)  # whose members have what the group has
    there = [student for student, cell in read_marks(gradebook, key.assignment) if cell == name]
    everybody = [student for student in there if groups.get(student) not in there]
    points = key.points[name]
    return [Mark(key.assignment, student, name, points, by=EVERYBODY) for student in sorted(everybody)]


def give_full(gradebook: SharedGradebook, key: AnswerKey, student: str) -> list[Grade]:
    """Give a student whose submission is being saved what everybody has; returns these grades. Within a transaction."""
    names = sorted(full_answers(gradebook, key.assignment) & key.points.keys())
    marks = [Mark(key.assignment, student, name, key.points[name], by=EVERYBODY) for name in names]
    grades = [gradebook.grade_of(name, key.assignment, student) for name in names]
    open_marks = [mark for mark, grade in zip(marks, grades, strict=True) if grade.manual_score is None]
    _write(gradebook, open_marks)
    return grades


def keep_full(gradebook: SharedGradebook, marks: Sequence[Mark]) -> None:
    """Let everybody have all points of the answer of these marks, also who hands in later."""
    with gradebook.transaction():
        FULL.put(gradebook, list(map(vars, marks[:1])))


def end_full(gradebook: SharedGradebook, marks: Sequence[Mark]) -> list[str]:
    """End that; returns the students whose points end: those that were given as everybody's."""
    with gradebook.transaction():
        FULL.remove(gradebook, list(map(vars, marks[:1])))
        there = read_marks(gradebook, marks[0].assignment) if marks else {}
        ended = [there[mark.where] for mark in marks if there[mark.where].by == EVERYBODY]
        _write(gradebook, [replace(mark, points=None, back=True) for mark in ended])
    return [mark.student for mark in ended]


def give_marks(
    gradebook: SharedGradebook,
    config: Config,
    keys: Iterable[AnswerKey],
    marks: Collection[Mark],
    really: bool,
    overwrite: bool,
) -> tuple[list[str], list[str], list[str]]:
    """Give answers these marks, in one transaction.

    Args:
        keys: of their assignments.
        really: otherwise only say what would be given.
        overwrite: also where something else stands already.

    Returns:
        A line for each mark that is given, one for each that is not, with the reason, and whose marks stay as their
        lines are empty.

    Raises:
        UsageError: a line's student is two people.
        CourseError: the gradebook refuses.
    """
    given: dict[tuple[str, str, str], Mark] = {}
    refused, kept = [], []
    with gradebook.transaction(keep=really):
        roster = read_roster(gradebook)
        there = {
            (name := key.assignment): (
                key,
                codes_of(gradebook, name),
                read_marks(gradebook, name),
                submission_rows.read_rows(gradebook, name),
                Matcher(roster, read_groups(gradebook, name)),
            )
            for key in keys
        }
        for mark in marks:
            key, codes, old_marks, rows, matcher = there[mark.assignment]
            if (of_code := codes.get(mark.student)) and of_code.answer == mark.answer:
                mark = replace(mark, student=of_code.student)
            student = matcher.in_line(said_in({"id": mark.student}), "the table:") or mark.student
            mark = replace(mark, student=student, answer=answer_named(key, mark.answer))
            row = rows.get(student) or rows.get(matcher.submitter(student))
            old, now = old_marks.get(mark.where), row.digest_of(mark.answer) if row else ""
            stands = (
                old.values if old and old.of == now else {}
            )  # points of an earlier answer stand in nobody's way
            others = (
                stands
                if mark.back
                else {name for name, value in mark.values.items() if stands.get(name, value) != value}
            )
            twice = given.get((mark.assignment, *mark.where), mark)
            cell = key.graded_cells.get(mark.answer)
            most = cell.points if cell else 0.0
            reasons = {
                f"no answer {mark.answer!r}": cell is None,
                f"no graded submission of {mark.student!r}": old is None,
                f"{mark}, and another line of the file: {twice}": twice.values != mark.values,
                f"{mark}, out of {points(most)}; a bonus goes into the column extra": not (
                    0.0 <= (mark.points or 0.0) <= most
                ),
                "only an answer in words takes a comment": mark.comment and not (cell and cell.manual),
                "the answer has changed since it was read": mark.of not in ("", now),
                f"{mark}, and here {old}; --overwrite takes the file's": others and not overwrite,
            }
            if why := next((reason for reason, holds in reasons.items() if holds), ""):
                refused.append(f"{mark.student}, {mark.answer}: {why}")
            elif others or mark.values.items() - stands.items():
                given[mark.assignment, *mark.where] = signed(mark)
            elif stands and not mark.values:
                kept.append(f"{mark.student}, {mark.answer}")
        _write(gradebook, given.values())
        for name in there:
            late.apply_lateness(gradebook, config, name)
    return [f"{mark.student}, {mark.answer}: {mark}" for mark in given.values()], refused, kept


def _write(gradebook: SharedGradebook, marks: Collection[Mark]) -> None:
    for mark in marks:
        given = ({"points": None, "comment": ""} if mark.back else {}) | mark.values
        try:
            grade = gradebook.grade_of(mark.answer, mark.assignment, mark.student)
        except MissingEntry:  # of a group: a member's own
            old = read_own_marks(gradebook, mark.assignment).get(mark.where)
            before = old._mapping if old else vars(Mark(mark.assignment, *mark.where))
            OF_MEMBERS.put(gradebook, [{**before, **given}])
            continue
        if "points" in given:
            grade.manual_score = mark.points
            grade.needs_manual_grade = mark.back and grade.auto_score is None
        if mark.extra is not None:
            grade.extra_credit = mark.extra
        with suppress(MissingEntry):  # only answers in words have one
            if "comment" in given:
                comment = gradebook.comment_of(mark.answer, mark.assignment, mark.student)
                comment.manual_comment = mark.comment or None
    MARKS.put(gradebook, [vars(mark) for mark in marks if not mark.back])
    MARKS.remove(gradebook, [vars(mark) for mark in marks if mark.back])
