"""Times of handing in that were corrected beside notebooks that were graded before; no code runs again."""

from __future__ import annotations

from autograde.configuration import exchange_zone
from autograde.grading.course import Course, Submission
from autograde.grading.gradebook import SharedGradebook
from autograde.grading.read_submission import read_time
from autograde.lateness.apply import apply_lateness
from autograde.untrusted.timestamp import OddTimestampError
from descentlab.sentences import template

ODD_TIMES = template(
    "no time like 2026-11-12 14:00:00 UTC in timestamp.txt, so what was known before counts: {students}"
)


def take_times(
    course: Course, gradebook: SharedGradebook, submissions: list[Submission]
) -> tuple[list[str], dict[str, tuple[float, float]]]:
    """Take over corrected times of an assignment's submissions, and the penalties that follow.

    Returns:
        Whose file says no time, and by student what was taken off before and is now, where it differs.

    Raises:
        CourseError: the gradebook refuses.
        UsageError: a due date in the configuration is no time.
    """
    assignment = submissions[0].assignment
    with gradebook.transaction():
        odd = _take_corrected(course, gradebook, submissions)
        changed = apply_lateness(gradebook, course.config, assignment)
    return odd, {student: change for (student, _), change in changed.items()}


def _take_corrected(course: Course, gradebook: SharedGradebook, submissions: list[Submission]) -> list[str]:
    """Take over the times; whose file says none."""
    odd = []
    home = exchange_zone(course.config)
    by_student = {submission.student: submission for submission in submissions}
    for row in gradebook.find_assignment(submissions[0].assignment).submissions:
        if row.student_id not in by_student:
            continue
        try:
            when = read_time(by_student[row.student_id], home)
        except OddTimestampError:
            odd.append(row.student_id)
            continue
        if when is not None and when != row.timestamp:
            row.timestamp = when
    return sorted(odd)
