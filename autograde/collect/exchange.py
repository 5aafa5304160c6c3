"""nbgrader's exchange: its own collecting, asked for its words where it fails."""

from __future__ import annotations

from autograde.errors import UsageError
from autograde.grading.course import Course, log
from autograde.untrusted.names import printable


def collect_exchange(course: Course, assignment: str, update: bool) -> list[str]:
    """Collect as `nbgrader collect` does; returns the students who have a submission now.

    Raises:
        UsageError: with nbgrader's own words.
    """
    from nbgrader.apps.api import NbGraderAPI

    if not course.directory.course_id:
        raise UsageError.say(
            "the exchange needs the course's name. {remedy}. To collect a download, name it: autograde "
            "collect {assignment} FILE.zip",
            remedy=course.course_id_line,
            assignment=assignment,
        )
    api = NbGraderAPI(course.directory, config=course.config)
    api.log = log
    done = api.collect(assignment, update=update)
    if not done["success"]:
        lines = [line for line in (done.get("log") or done.get("error") or "").splitlines() if line.strip()]
        raise UsageError.say(
            "nbgrader collects nothing: {reason}", reason=printable(lines[-1] if lines else "?")
        )
    return sorted(api.get_submitted_students(assignment))
