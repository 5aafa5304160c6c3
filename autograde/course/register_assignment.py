"""An assignment the gradebook does not know yet is registered from the instructor's notebooks."""

from pathlib import Path

from nbgrader.api import MissingEntry

from autograde.course.answer_key import AnswerKey
from autograde.course.assignments import SOURCE, LessonError, notebooks_in
from autograde.course.convert import as_lesson_error, convert, require_sound
from autograde.course.course import Course
from autograde.course.gradebook import SharedGradebook
from autograde.course.lock import SCRATCH
from autograde.course.released_versions import read_released
from autograde.errors import UsageError
from autograde.scratch import scratch_folder


def answer_key(course: Course, gradebook: SharedGradebook, assignment: str) -> tuple[AnswerKey, bool]:
    """The assignment's answer key, and whether it had to be registered first.

    Raises:
        UsageError: neither the gradebook nor the source folder knows it, or its notebooks are not sound.
    """
    try:
        return read_released(course, gradebook, assignment), False
    except MissingEntry:
        gradebook.db.rollback()
    known = course.source_assignments()
    if assignment not in known:
        raise course.unknown_assignment(assignment, known)
    try:
        register(course, gradebook, assignment)
    except LessonError as error:
        raise UsageError(f"{assignment!r} cannot be registered: {error}") from error
    return read_released(course, gradebook, assignment), True


def register(course: Course, gradebook: SharedGradebook, assignment: str) -> None:
    """Makes the assignment known to the gradebook without writing what students get.

    Raises:
        LessonError: the assignment cannot be released.
    """
    for path in notebooks_in(course.root / SOURCE / assignment):
        require_sound(path)
    with as_lesson_error(), scratch_folder(course.private, SCRATCH) as scratch:
        convert_and_register(course, gradebook, assignment, scratch)


def convert_and_register(course: Course, gradebook: SharedGradebook, assignment: str, scratch: Path) -> Path:
    """What students get, made in `scratch`, and the gradebook knows of it: wholly, or not at all."""
    # nbgrader commits cell by cell: a kill between two would leave an assignment with fewer points.
    with gradebook.transaction(), gradebook.lent():
        return convert(course.root, course.config, assignment, scratch)
