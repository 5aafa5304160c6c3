"""Looking at what was graded, without grading: the common opening of feedback, explain, report and export."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from nbgrader.api import MissingEntry

from autograde.errors import UsageError
from autograde.grading import submission_rows
from autograde.grading.answer_key import AnswerKey, read_key
from autograde.grading.course import Course
from autograde.grading.gradebook import SharedGradebook
from autograde.grading.open_gradebook import has_gradebook, opened_gradebook, require_course
from autograde.grading.scores import graded_students, is_anybody_graded
from autograde.grading.whole_class import without_result
from autograde.lateness.apply import apply_lateness
from autograde.roster.edit import not_on_roster
from autograde.roster.naming import named
from autograde.roster.nearest import described
from autograde.roster.people import read_roster
from descentlab.sentences import say

NAMED = 50  # students in one line


@contextmanager
def graded_course(
    course_dir: Path, assignment: str | None = None
) -> Iterator[tuple[Course, SharedGradebook]]:
    """A course and its gradebook, to look at what was graded; closed at the end.

    Args:
        assignment: what is asked for, to be named where there is no gradebook; None is the whole course.

    Raises:
        UsageError: the course or its gradebook is not there.
    """
    course = Course.open(course_dir)
    require_course(course)
    if not has_gradebook(course):
        raise _no_gradebook(course, assignment)
    with opened_gradebook(course) as gradebook:
        submission_rows.prepare(gradebook)
        yield course, gradebook


@contextmanager
def graded_assignment(
    course_dir: Path, assignment: str, students: list[str] | None = None
) -> Iterator[tuple[Course, SharedGradebook, AnswerKey]]:
    """An assignment of which something was graded; the gradebook is closed at the end.

    Raises:
        UsageError: the course, the assignment or a student is not there, or nothing is graded yet.
    """
    with graded_course(course_dir, assignment) as (course, gradebook):
        yield course, gradebook, key_of_graded(course, gradebook, assignment, students)


def key_of_graded(
    course: Course, gradebook: SharedGradebook, assignment: str, students: list[str] | None = None
) -> AnswerKey:
    """The key of an assignment of which something was graded; its penalties are brought up to date.

    Raises:
        UsageError: the assignment or a student is not there, or nothing is graded yet.
    """
    try:
        key = read_key(gradebook, assignment)
    except MissingEntry:
        if assignment in course.source_assignments():
            raise _nothing_graded(course, gradebook, assignment) from None
        known = sorted(assignment.name for assignment in gradebook.assignments)
        raise course.unknown_assignment(assignment, known or course.source_assignments()) from None
    graded = graded_students(gradebook, assignment)
    if not graded:
        raise _nothing_graded(course, gradebook, assignment)
    missing = sorted(set(students or []) - graded)
    if missing:
        raise _no_submission_by(course, gradebook, assignment, missing)
    bring_penalties_up_to_date(course, gradebook, assignment)
    return key


def bring_penalties_up_to_date(
    course: Course, gradebook: SharedGradebook, assignment: str | None = None
) -> None:
    """Count dates, extensions, price and points by hand as they are now, before anybody is shown a score.

    A tenth of 8 points is 0.8; once a person has given 3 more in formgrader, it is 1.1.

    Raises:
        CourseError: the database refuses.
        UsageError: a due date in the configuration is no time.
    """
    with gradebook.transaction():
        apply_lateness(gradebook, course.config, assignment)


def _no_gradebook(course: Course, assignment: str | None) -> UsageError:
    if assignment is None:
        return nothing_graded_at_all(course, None)
    return UsageError.say(
        "no gradebook in {folder}: nothing is graded there. autograde grade {assignment}",
        folder=course.root,
        assignment=assignment,
    )


def _nothing_graded(course: Course, gradebook: SharedGradebook, assignment: str) -> UsageError:
    """The error that says, where there is a roster, who of it has handed in."""
    roster = read_roster(gradebook)
    if roster is None:
        return UsageError.say(
            "nothing of {assignment!r} is graded yet: autograde grade {assignment}", assignment=assignment
        )
    missing, there = without_result(course, roster, assignment, graded=())
    return UsageError.say(
        "nothing of {assignment!r} is graded yet: autograde grade {assignment}. Of the roster handed in: "
        "{there}; not yet: {missing}.",
        assignment=assignment,
        there=_named(there),
        missing=_named(missing),
    )


def known_assignments(course: Course, gradebook: SharedGradebook) -> list[str]:
    """The names that the source folder or the gradebook has, in order."""
    return sorted({*course.source_assignments(), *(one.name for one in gradebook.assignments)})


def nothing_graded_at_all(course: Course, gradebook: SharedGradebook | None) -> UsageError:
    """The error of a command about the whole course, with its roster."""
    roster = read_roster(gradebook) if gradebook else None
    if roster is None:
        return UsageError.say(
            "nothing is graded yet in {folder}: autograde grade ASSIGNMENT", folder=course.root
        )
    return UsageError.say(
        "nothing is graded yet in {folder}: autograde grade ASSIGNMENT. On the roster: {students}.",
        folder=course.root,
        students=_named(list(roster)),
    )


def _named(students: Sequence[str]) -> str:
    return named(students, NAMED) or say("nobody")


def _no_submission_by(
    course: Course, gradebook: SharedGradebook, assignment: str, students: list[str]
) -> UsageError:
    """The error that says of the first whether it is the name or the submission that is missing."""
    roster, first = read_roster(gradebook), students[0]
    if roster is None:
        return UsageError.say(
            "no graded submission of {assignment!r} by {students}.",
            assignment=assignment,
            students=", ".join(map(repr, students)),
        )
    if first not in roster:
        return not_on_roster(first, list(roster.values()))
    named = {"student": described(roster[first]), "assignment": assignment}
    if course.handed_in([first], assignment):
        return UsageError.say(
            "{student} has handed in, and nothing of it is graded yet: autograde grade {assignment}", **named
        )
    return UsageError.say("{student} is on the roster, and has not handed in {assignment!r}.", **named)


def handed_in_ungraded(course: Course, graded: list[str]) -> dict[str, list[str]]:
    """Who has handed in, by the assignments of the course of which nothing was graded; those with anybody."""
    handed_in = {}
    for assignment in course.source_assignments():
        if assignment not in graded:
            with suppress(UsageError):  # nobody, which is nothing to be told of
                handed_in[assignment] = [one.student for one in course.submissions(assignment)]
    return handed_in


def graded_assignments(course: Course, gradebook: SharedGradebook) -> list[str]:
    """Names of the assignments of which something was graded.

    Raises:
        UsageError: nothing is graded in the course.
    """
    names = sorted(assignment.name for assignment in gradebook.assignments)
    graded = [name for name in names if is_anybody_graded(gradebook, name)]
    if not graded:
        raise nothing_graded_at_all(course, gradebook)
    return graded
