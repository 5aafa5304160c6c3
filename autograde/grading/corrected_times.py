"""Times of handing in that were corrected beside notebooks that were graded before; no code runs again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from autograde.configuration import exchange_zone
from autograde.grading.course import Course, Submission, lies_there
from autograde.grading.gradebook import SharedGradebook
from autograde.grading.read_submission import TIMESTAMP, read_time
from autograde.grading.scores import penalties_that_count
from autograde.lateness.apply import apply_lateness
from autograde.lateness.remembered import DATED_BY_FILE
from autograde.roster.naming import named
from autograde.untrusted.timestamp import OddTimestampError
from descentlab.sentences import say


@dataclass
class Times:
    """What came of looking at times: students of an assignment."""

    odd: list[str] = field(default_factory=list)  # graded before, and now the file says no time
    gone: list[str] = field(default_factory=list)  # the file is gone, and its time with it
    penalties: dict[str, tuple[float, float]] = field(default_factory=dict)
    """What was taken off before and is now, where it differs."""

    def in_words(self) -> Iterator[str]:
        """What is to be said of files."""
        if self.odd:
            yield say(
                "no time like 2026-11-12 14:00:00 UTC in timestamp.txt, so what was known before counts: "
                "{students}",
                students=named(self.odd),
            )
        if self.gone:
            yield say(
                "timestamp.txt is no longer beside the notebook, so its time does not count any more: "
                "{students}",
                students=named(self.gone),
            )


def take_times(course: Course, gradebook: SharedGradebook, submissions: list[Submission]) -> Times:
    """Take over corrected times of an assignment's submissions, and the penalties that follow.

    Raises:
        CourseError: the gradebook refuses.
        UsageError: a due date in the configuration is no time.
    """
    assignment = submissions[0].assignment
    with gradebook.transaction():
        times = _take_corrected(course, gradebook, submissions)
        changed = apply_lateness(gradebook, course.config, assignment)
        counted = penalties_that_count(gradebook, changed)
    times.penalties = {student: change for (student, _), change in counted.items()}
    return times


def _take_corrected(course: Course, gradebook: SharedGradebook, submissions: list[Submission]) -> Times:
    """Take over the times, and let go those whose file is gone."""
    times, home = Times(), exchange_zone(course.config)
    assignment = submissions[0].assignment
    graded = {row.student_id: row for row in gradebook.find_assignment(assignment).submissions}
    before, dated = DATED_BY_FILE.students(gradebook, assignment), set()
    for submission in submissions:
        student, row = submission.student, graded.get(submission.student)
        try:
            when = read_time(submission, home)
        except OddTimestampError:
            if row is not None:
                times.odd.append(student)
            continue
        if when is not None:
            dated.add(student)
            if row is not None and when != row.timestamp:
                row.timestamp = when
        elif student in before and not lies_there(submission.folder / TIMESTAMP):
            times.gone.append(student)
            if row is not None:
                row.timestamp = None
    DATED_BY_FILE.change(gradebook, assignment, dated - before, times.gone)
    return times
