"""Feedback through nbgrader's exchange: each page where only who knows the submission's secret finds it."""

from __future__ import annotations

from copy import deepcopy

from nbgrader.auth import Authenticator
from nbgrader.coursedir import CourseDirectory
from nbgrader.exchange import ExchangeError, ExchangeFactory

from autograde.errors import UsageError
from autograde.feedback.exchange_files import collected_file
from autograde.files import put
from autograde.grading.course import Course, log
from autograde.grading.read_submission import SECRET, TIMESTAMP


def require_course_id(course: Course, exchange: bool) -> None:
    """Refuse to go through the exchange with a course that it has no name for.

    Raises:
        UsageError: the line that is missing, and where it stands.
    """
    if exchange and not course.directory.course_id:
        raise UsageError.say(
            "the exchange needs the course's name, the one that students have, too. {remedy}",
            remedy=course.course_id_line,
        )


def release(course: Course, assignment: str, students: list[str]) -> tuple[list[str], list[str]]:
    """Release the pages of these students, who fetch them with `nbgrader fetch_feedback`.

    Returns:
        Who gets a page, and who handed in by another way: without a secret nbgrader can give nothing back.

    Raises:
        UsageError: the exchange refuses.
    """
    released, left_out = [], []
    for student in students:
        submission = course.submission(student, assignment)
        pages = course.folder("feedback", student, assignment)
        secret = collected_file(submission, SECRET)
        if secret is None:
            left_out.append(student)
            continue
        put(pages / SECRET, secret, mode=0o600)
        put(pages / TIMESTAMP, collected_file(submission, TIMESTAMP) or b"")
        _release(course, assignment, student)
        released.append(student)
    return released, left_out


def _release(course: Course, assignment: str, student: str) -> None:
    config = deepcopy(course.config)
    directory = CourseDirectory(config=config, root=str(course.root), log=log)
    directory.assignment_id, directory.student_id = assignment, student
    factory = ExchangeFactory(config=config)
    try:
        factory.ReleaseFeedback(
            coursedir=directory, authenticator=Authenticator(config=config), config=config, log=log
        ).start()
    except (ExchangeError, OSError) as error:
        raise UsageError.say("the exchange refuses: {reason}", reason=error) from error
