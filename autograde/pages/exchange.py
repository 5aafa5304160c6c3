"""Feedback through nbgrader's exchange, which names a page by the secret of its submission."""

import stat
from pathlib import Path

from nbgrader.auth import Authenticator
from nbgrader.coursedir import CourseDirectory
from nbgrader.exchange import ExchangeError, ExchangeFactory

from autograde.course.course import Course, Submission, log
from autograde.course.flags import NeedsReviewError
from autograde.course.hub_settings import for_everybody
from autograde.course.submission_files import SECRET, TIMESTAMP, read_other_file
from autograde.errors import MachineError, UsageError
from autograde.files import put

MOST_BYTES = 1000


def require_course_id(course: Course, exchange: bool) -> None:
    """Refuse the exchange for a course without a name.

    Raises:
        UsageError: the line that is missing, and its place.
    """
    if exchange and not course.directory.course_id:
        line = course.course_id_line
        raise UsageError(f"the exchange needs the course's name, the one that students have too. {line}")


def pass_on(submission: Submission, target: Path) -> None:
    """Copy a submission's time and secret, as the exchange's collector left them, beside its pages.

    Only who may read them there may read the copies: the secret leads to the page. Links are not followed.

    Raises:
        OSError: they cannot be written.
    """
    for name in (TIMESTAMP, SECRET):
        data, path = _read(submission, name), target / name
        if data is None:
            continue
        mode = _mode(submission.folder / name)
        if not (path.is_file() and path.read_bytes() == data and _mode(path) == mode):
            put(path, data, mode)


def _mode(path: Path) -> int:
    """Who may read and write a file."""
    return stat.S_IMODE(path.stat().st_mode) & 0o666


def release(course: Course, assignment: str, students: list[str]) -> tuple[list[str], list[str]]:
    """Release the pages of these students, who fetch them with `nbgrader fetch_feedback`.

    Returns:
        The students who get a page, and those who submitted elsewhere: nbgrader needs the secret.

    Raises:
        UsageError: the exchange refuses.
    """
    released, elsewhere = [], []
    for student in students:
        if _read(course.submission(student, assignment), SECRET) is None:
            elsewhere.append(student)
            continue
        (course.folder("feedback", student, assignment) / TIMESTAMP).touch()  # nbgrader opens it
        _release(course, assignment, student)
        released.append(student)
    return released, elsewhere


def _read(submission: Submission, name: str) -> bytes | None:
    try:
        return read_other_file(submission, name, MOST_BYTES)
    except (NeedsReviewError, MachineError):
        return None


def _release(course: Course, assignment: str, student: str) -> None:
    config = for_everybody(course.config)
    directory = CourseDirectory(config=config, root=str(course.root), log=log)
    directory.assignment_id, directory.student_id = assignment, student
    try:
        ExchangeFactory(config=config).ReleaseFeedback(
            coursedir=directory, authenticator=Authenticator(config=config), config=config, log=log
        ).start()
    except (ExchangeError, OSError) as error:
        raise UsageError(f"the exchange refuses: {error}") from error
