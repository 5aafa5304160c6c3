"""`autograde collect` from the course's folder to the lines that are printed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from nbgrader.api import MissingEntry

from autograde.assignments.settings import notebooks_in
from autograde.collect.collect import collect
from autograde.collect.collect_messages import collected_lines, left_lines, matches_asked
from autograde.collect.exchange import collect_exchange
from autograde.grading.course import Course
from autograde.grading.gradebook import SharedGradebook
from autograde.grading.graded_assignments import known_assignments
from autograde.grading.open_gradebook import course_gradebook
from autograde.grading.whole_class import strangers
from autograde.lateness.remembered import MARKED_LATE
from autograde.roster.naming import named
from autograde.roster.people import Roster, read_people, read_roster
from descentlab.sentences import say


def collect_assignment(
    course_dir: Path, assignment: str, source: Path | None, matches: Sequence[str], update: bool
) -> tuple[list[str], list[str]]:
    """Collect from a source, or from the exchange; returns what was taken and what was not.

    Raises:
        UsageError: no such course or assignment, or a source that cannot be taken.
        OSError: nothing can be written.
    """
    with course_gradebook(course_dir) as (course, gradebook):
        notebooks = _notebooks(course, gradebook, assignment)
        roster = read_roster(gradebook)
        if source is None:
            return _of_exchange(course, gradebook, assignment, roster, update)
        asked = matches_asked(matches, roster)
        made = collect(course, assignment, notebooks, source, roster, asked, update)
        with gradebook.transaction():
            gone = made.known_late_or_not - made.marked
            MARKED_LATE.change(gradebook, assignment, made.marked & made.up_to_date, gone)
    lines = list(collected_lines(made, assignment, notebooks, roster))
    left = list(left_lines(made, assignment, source, roster))
    if not made.states and not left:
        left.append(say("{source} holds no submission.", source=source))
    if not made.complete and not left:
        left.append(say("not all of it was taken."))
    return lines, left


def _notebooks(course: Course, gradebook: SharedGradebook, assignment: str) -> list[str]:
    """Names of the assignment's notebooks, by the gradebook, else by the course's sources."""
    try:
        return [notebook.name for notebook in gradebook.find_assignment(assignment).notebooks]
    except MissingEntry:
        names = [path.stem for path in notebooks_in(course.source(assignment))]
        if names:
            return names
        known = known_assignments(course, gradebook)
        raise course.unknown_assignment(assignment, known) from None


def _of_exchange(
    course: Course, gradebook: SharedGradebook, assignment: str, roster: Roster | None, update: bool
) -> tuple[list[str], list[str]]:
    gradebook.db.rollback()  # nbgrader's own connection writes now
    students = collect_exchange(course, assignment, update)
    lines = [say("collected by now: {count} ({students})", count=len(students), students=named(students))]
    if roster is None:
        return lines, []
    absent = [student for student in roster if student not in students]
    if absent:
        lines.append(say("not handed in: {count} ({students})", count=len(absent), students=named(absent)))
    outside = strangers(students, roster, read_people(gradebook), absent)
    return lines, [
        say(
            "not on the roster: {student} (nearest: {nearest})",
            student=student,
            nearest=", ".join(close) or "–",
        )
        for student, close in outside.items()
    ]
