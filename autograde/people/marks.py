"""Points and comments that a person gave: written as a table, merged into another copy of the course, given to all.

nbgrader knows neither who gave points nor when. A table of ours knows it of those that a command gave; of others it
is whoever exports them.
"""

import math
import pwd
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from os import getuid
from pathlib import Path
from typing import Any

from nbgrader.api import Comment, Grade, MissingEntry
from sqlalchemy import Column, Float, Text

from autograde.course.course import Course
from autograde.course.gradebook import SharedGradebook, rows_of_cells
from autograde.course.submission_rows import read_comments, read_rows
from autograde.course.tables import GradebookTable
from autograde.delimited import DelimitedTable, guarded, unguarded
from autograde.entries.answer_key import AnswerKey
from autograde.entries.wording import points
from autograde.errors import UsageError
from autograde.people.class_results import key_of_graded
from autograde.people.groups import OWN, members_of, read_groups, read_own_marks
from autograde.people.late import apply_lateness
from autograde.people.roster import read_roster
from autograde.people.whose import Whose, said_in

GIVEN = GradebookTable(
    "autograde_mark", "assignment student answer", Column("points", Float), by=Text, when=Text
)
FULL = GradebookTable("autograde_full", "assignment answer")
"""Answers of which everybody has all points, also who hands in later."""
EVERYBODY = "for everybody"  # who gave these points
TAKEN_BACK = "taken back"  # in a table in place of points


@dataclass(frozen=True)
class Mark:
    """What a person gave one answer; None, or no comment, leaves what is there."""

    assignment: str
    student: str
    answer: str
    """notebook/grade_id"""
    points: float | None = None
    extra: float | None = None
    comment: str = ""
    of: str = ""
    """A digest of the answer that the person read; empty: any."""
    by: str = ""
    when: str = ""
    begins: str = ""
    """The first words of the answer, as a marks page shows it."""
    back: bool = False
    """Whether the points that stand are taken back, and the comment with them."""

    @property
    def where(self) -> tuple[str, str]:
        """The student and the answer."""
        return self.student, self.answer

    @property
    def given(self) -> dict[str, Any]:
        """What was given, by name."""
        return {
            name: value
            for name in ("points", "extra", "comment")
            if (value := getattr(self, name)) or (value == 0.0 and name == "points")
        }

    def __str__(self) -> str:
        words = [TAKEN_BACK] * self.back + [
            f"{name} {value!r}" if name == "comment" else f"{name} {points(value)}"
            for name, value in self.given.items()
        ]
        by = ", ".join(filter(None, (self.by, self.when)))
        return ", ".join(words) + (f" ({by})" if by else "")


*HEADER, BEGINS, _ = (field.name for field in fields(Mark))
NEEDED = HEADER[:4]


def signed(mark: Mark, marker: str = "") -> Mark:
    """The mark with who gave it and when: this marker or user now, where it does not say."""
    if mark.by:
        return mark
    with suppress(KeyError):  # a user without a name
        marker = marker or pwd.getpwuid(getuid()).pw_name
    return replace(mark, by=marker, when=f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC")


def codes_of(gradebook: SharedGradebook, assignment: str) -> dict[str, Mark]:
    """Whose answer a code is that stands on a marks page in place of a name: random, as nbgrader drew it."""
    grades = gradebook.db.execute(rows_of_cells(Grade, assignment, Grade.id))
    return {code: Mark(assignment, student, name) for student, name, code in grades}


def read_marks(gradebook: SharedGradebook, assignment: str) -> dict[tuple[str, str], Mark]:
    """What the gradebook has of every graded answer, by student and "notebook/grade_id"."""
    rows = read_rows(gradebook, assignment)
    comments = read_comments(gradebook, assignment, Comment.manual_comment)
    made = {}
    for student, name, grade in gradebook.db.execute(rows_of_cells(Grade, assignment, Grade)):
        where = student, name
        earlier = grade.manual_score is not None and grade.needs_manual_grade
        of = rows[student].digest_of(name, earlier) if student in rows else ""
        comment = comments.get(where, "")
        made[where] = Mark(assignment, *where, grade.manual_score, grade.extra_credit, comment, of)
    members, own = members_of(read_groups(gradebook, assignment)), read_own_marks(gradebook, assignment)
    for (group, name), mark in list(made.items()):
        for where in ((student, name) for student in members.get(group, ())):
            of_own = Mark(assignment, *where, of=mark.of)
            if row := own.get(where):
                of_own = replace(of_own, points=row.points, extra=row.extra, comment=row.comment)
            made.setdefault(where, of_own)
    for row in GIVEN.rows(gradebook, assignment=assignment):
        mark = made.get((row.student, row.answer))
        if mark and mark.points == row.points:  # else they are no longer those that this person gave
            made[mark.where] = replace(mark, by=row.by, when=row.when)
    return made


def export_marks(
    gradebook: SharedGradebook, keys: Iterable[AnswerKey], section: str | None, marker: str
) -> tuple[bytes, int]:
    """A table of what persons gave, in one section or in all, and how many lines it has.

    An answer in words without points has a line to fill in. Who gave what is `marker` where the gradebook does not
    know; without one the user.

    Raises:
        UsageError: nobody is in that section.
    """
    lines = []
    for key in keys:
        chosen = submitters_in(gradebook, key.assignment, section)
        in_words = {name for name, cell in key.graded_cells.items() if cell.manual}
        groups = read_groups(gradebook, key.assignment)
        for mark in read_marks(gradebook, key.assignment).values():
            is_read = mark.answer in in_words and mark.student not in groups
            if (mark.given or is_read) and (chosen is None or mark.student in chosen):
                lines.append([_cell(getattr(signed(mark, marker), name)) for name in HEADER])
    return DelimitedTable([HEADER, *lines]).write(), len(lines)


def submitters_in(gradebook: SharedGradebook, assignment: str, section: str | None) -> set[str] | None:
    """Who handed in for the students of a section, with their groups; None for everybody.

    Raises:
        UsageError: nobody is in that section.
    """
    if section is None:
        return None
    roster = read_roster(gradebook) or {}
    chosen = {person.id for person in roster.values() if section == person.section}
    if not chosen:
        sections = ", ".join(sorted({person.section for person in roster.values() if person.section}))
        raise UsageError(f"nobody on the roster is in section {section!r}. Sections: {sections or '–'}.")
    groups = read_groups(gradebook, assignment)
    return chosen | {groups[who] for who in chosen & groups.keys()}


def _cell(value: str | float | None) -> str:
    if isinstance(value, str):
        return "\n".join(map(guarded, value.splitlines()))
    return "" if value is None else f"{value:g}"


def marks_in(path: Path, encoding: str | None) -> list[Mark]:
    """The marks in a table with these headers, of which those after `points` may be left out.

    Raises:
        UsageError: it is no such table, or a line has no number where one belongs.
    """
    table = DelimitedTable.read(path, encoding)
    places = {name: at for name in (*HEADER, BEGINS) if (at := table.column_index(name)) is not None}
    if missing := [name for name in NEEDED if name not in places]:
        raise UsageError(f"{path} has no column {', '.join(missing)}. Columns: {', '.join(HEADER)}.")
    marks = []
    for line, cells in enumerate(table.rows[1:], 2):
        texts: dict[str, Any] = {
            name: "\n".join(map(unguarded, cells[at].strip().splitlines()))
            for name, at in places.items()
            if at < len(cells)
        }
        if any(texts.values()):
            if back := texts.get("points") == TAKEN_BACK:
                texts["points"] = ""
            numbers = {name: _number(path, line, texts.get(name, "")) for name in ("points", "extra")}
            marks.append(Mark(**{**dict.fromkeys(NEEDED, ""), **texts, **numbers}, back=back))
    return marks


def compared(
    first: Iterable[Mark], second: Iterable[Mark], by: float, students: Mapping[str, str]
) -> tuple[list[str], str]:
    """A line for each answer whose points differ by at least so much in two tables, and how far they agree.

    Args:
        students: whose a code of a marks page is.

    Raises:
        UsageError: no answer has points in both.
    """
    one, other = (
        {(mark.assignment, *mark.where): mark for mark in marks if mark.points is not None}
        for marks in (first, second)
    )
    both = sorted(one.keys() & other.keys())
    if not both:
        raise UsageError("no answer has points in both tables. Compare tables of the same assignment.")
    away = {where: abs((one[where].points or 0.0) - (other[where].points or 0.0)) for where in both}
    lines = [
        f"{students.get(where[1], where[1])}, {one[where].begins or where[2]}: {one[where]}; {other[where]}"
        for where in both
        if away[where] >= max(by, 1e-9)
    ]
    same = sum(not distance for distance in away.values())
    mean = sum(away.values()) / len(both)
    return (
        lines,
        f"{same} of {len(both)} answers have the same points; they differ by {points(mean)} on average",
    )


def _number(path: Path, line: int, text: str) -> float | None:
    try:
        number = float(text.replace(",", ".") or 0.0)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise UsageError(f"{path}, line {line}: {text!r} is not a number of points.")
    return number if text else None


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


def answer_named(key: AnswerKey, word: str) -> str:
    """The "notebook/grade_id" of an answer by its id or its check; the word itself where not exactly one fits."""
    names = [name for name, cell in key.graded_cells.items() if word in (name, cell.grade_id, cell.check)]
    return names[0] if len(names) == 1 else word


def give_marks(
    course: Course, gradebook: SharedGradebook, marks: Collection[Mark], really: bool, overwrite: bool
) -> tuple[list[str], list[str], list[str]]:
    """Give answers these marks, in one transaction.

    Args:
        really: otherwise only say what would be given.
        overwrite: also where something else stands already.

    Returns:
        A line for each mark that is given, one for each that is not, with the reason, and whose marks stay as their
        lines are empty.

    Raises:
        UsageError: an assignment is unknown or not graded.
        CourseError: the gradebook refuses.
    """
    given: dict[tuple[str, str, str], Mark] = {}
    refused, kept = [], []
    keys = {name: key_of_graded(course, gradebook, name) for name in {mark.assignment for mark in marks}}
    with gradebook.transaction(keep=really):
        roster = read_roster(gradebook)
        there = {
            name: (
                key,
                codes_of(gradebook, name),
                read_marks(gradebook, name),
                read_rows(gradebook, name),
                Whose(roster, read_groups(gradebook, name)),
            )
            for name, key in keys.items()
        }
        for mark in marks:
            key, codes, old_marks, rows, whose = there[mark.assignment]
            if (of_code := codes.get(mark.student)) and of_code.answer == mark.answer:
                mark = replace(mark, student=of_code.student)
            student = whose.in_line(said_in({"id": mark.student}), "the table:") or mark.student
            mark = replace(mark, student=student, answer=answer_named(key, mark.answer))
            row = rows.get(student) or rows.get(whose.submitter(student))
            old, now = old_marks.get(mark.where), row.digest_of(mark.answer) if row else ""
            stands = (
                old.given if old and old.of == now else {}
            )  # points of an earlier answer stand in nobody's way
            others = (
                stands
                if mark.back
                else {name for name, value in mark.given.items() if stands.get(name, value) != value}
            )
            twice = given.get((mark.assignment, *mark.where), mark)
            if old is None:
                known = mark.answer in key.points
                reason = (
                    f"no graded submission of {mark.student!r}" if known else f"no answer {mark.answer!r}"
                )
            elif twice.given != mark.given:
                reason = f"{mark}, and another line of the file: {twice}"
            elif not 0.0 <= (mark.points or 0.0) <= key.points[mark.answer]:
                reason = (
                    f"{mark}, out of {points(key.points[mark.answer])}; a bonus goes into the column extra"
                )
            elif mark.comment and not key.graded_cells[mark.answer].manual:
                reason = "only an answer in words takes a comment"
            elif mark.of not in ("", now):
                reason = "the answer has changed since it was read"
            elif others and not overwrite:
                reason = f"{mark}, and here {old}; --overwrite takes the file's"
            else:
                if others or mark.given.items() - stands.items():
                    given[mark.assignment, *mark.where] = signed(mark)
                elif stands and not mark.given:
                    kept.append(f"{mark.student}, {mark.answer}")
                continue
            refused.append(f"{mark.student}, {mark.answer}: {reason}")
        _write(gradebook, given.values())
        for name in keys:
            apply_lateness(gradebook, course.config, name)
    return [f"{mark.student}, {mark.answer}: {mark}" for mark in given.values()], refused, kept


def _write(gradebook: SharedGradebook, marks: Collection[Mark]) -> None:
    for mark in marks:
        given = ({"points": None, "comment": ""} if mark.back else {}) | mark.given
        try:
            grade = gradebook.grade_of(mark.answer, mark.assignment, mark.student)
        except MissingEntry:  # of a group: a member's own
            old = read_own_marks(gradebook, mark.assignment).get(mark.where)
            before = old._mapping if old else vars(Mark(mark.assignment, *mark.where))
            OWN.put(gradebook, [{**before, **given}])
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
    GIVEN.put(gradebook, [vars(mark) for mark in marks if not mark.back])
    GIVEN.remove(gradebook, [vars(mark) for mark in marks if mark.back])
