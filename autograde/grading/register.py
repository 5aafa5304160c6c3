"""An assignment the gradebook does not know yet is registered from the instructor's notebooks."""

from __future__ import annotations

from nbgrader.api import MissingEntry

from autograde.errors import UsageError
from autograde.grading.course import Course
from autograde.grading.gradebook import SharedGradebook
from autograde.grading.handout import read_handed_out
from autograde.grading.key import AnswerKey
from autograde.lessons.release import LessonError, register


def answer_key(course: Course, gradebook: SharedGradebook, assignment: str) -> tuple[AnswerKey, bool]:
    """The assignment's answer key, and whether it had to be registered first.

    Raises:
        UsageError: neither the gradebook nor the source folder knows it, or its notebooks are not sound.
    """
    try:
        return read_handed_out(course, gradebook, assignment), False
    except MissingEntry:
        gradebook.db.rollback()
    known = course.source_assignments()
    if assignment not in known:
        raise course.unknown_assignment(assignment, known)
    try:
        register(course, gradebook, assignment)
    except LessonError as error:
        raise UsageError(f"{assignment!r} cannot be registered: {error}") from error
    return read_handed_out(course, gradebook, assignment), True
