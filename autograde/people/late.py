"""What lateness costs: nbgrader's plugin with percents a day, and penalties kept up to date.

A due date, an extension, the price, a manual grade or a time beside a notebook may change after grading. The
plugin that the course configures decides again; no student's code runs, and no grade changes.
"""

import logging
import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field

from nbgrader.api import Assignment, Gradebook, SubmittedAssignment, SubmittedNotebook
from nbgrader.plugins import LateSubmissionPlugin
from nbgrader.preprocessors import AssignLatePenalties
from sqlalchemy import select
from traitlets import Float, TraitError
from traitlets.config import Config

from autograde.course.configuration import exchange_zone
from autograde.course.course import Course, Submission, lies_there
from autograde.course.gradebook import SharedGradebook
from autograde.course.scores import penalties_that_count
from autograde.course.submission_files import TIMESTAMP, read_time
from autograde.errors import UsageError
from autograde.people.due_dates import apply_due_dates, put_on_submissions
from autograde.scores import named
from autograde.untrusted.timestamp import OddTimestampError

YEAR = 365 * 86_400.0
DAY = 86_400.0
MINUTE = 60.0
log = logging.getLogger("autograde.nbgrader")


class LatePenalty(LateSubmissionPlugin):
    """Takes percents of the points reached for each day begun; without a price, nbgrader's own rule.

    A course sets in nbgrader_config.py:

        c.LatePenalty.percent_per_day = 10
        c.LatePenalty.most_percent = 50
        c.LatePenalty.grace_minutes = 15
    """

    percent_per_day = Float(0.0, min=0.0, max=100.0, help="Of the points reached, for each day begun.").tag(
        config=True
    )
    most_percent = Float(100.0, min=0.0, max=100.0, help="The largest penalty.").tag(config=True)
    grace_minutes = Float(0.0, min=0.0, help="Lateness up to this costs nothing.").tag(config=True)

    def late_submission_penalty(
        self, student_id: str, score: float, total_seconds_late: float
    ) -> float | None:
        """Points to take off a notebook's score; None is nothing.

        Args:
            student_id: unused.
            score: the points reached, without penalty.
            total_seconds_late: after the due date and the student's extension.
        """
        if total_seconds_late <= self.grace_minutes * MINUTE:
            return None
        if not self.percent_per_day:
            return super().late_submission_penalty(student_id, score, total_seconds_late)
        days = math.ceil(total_seconds_late / DAY)
        return score * min(days * self.percent_per_day, self.most_percent) / 100


def apply_lateness(
    gradebook: Gradebook,
    config: Config,
    assignment: str | None = None,
    students: Collection[str] | None = None,
) -> dict[tuple[str, str], tuple[float, float]]:
    """Bring due dates, extensions and penalties up to date; within a transaction.

    Returns:
        The penalties before and now by student and assignment, where they differ.

    Raises:
        UsageError: a due date in the configuration is no time, or a price no number.
    """
    apply_due_dates(gradebook, config)
    put_on_submissions(gradebook, students, assignment)
    gradebook.db.flush()
    rule = _rule(config)
    changed: dict[tuple[str, str], list[float]] = defaultdict(lambda: [0.0, 0.0])
    for name, submission, notebook in gradebook.db.execute(_late_notebooks(assignment, students)):
        before, now = notebook.late_submission_penalty, _penalty(rule, submission, notebook)
        totals = changed[submission.student_id, name]
        totals[0] += before or 0.0
        totals[1] += now or 0.0
        if before != now:
            notebook.late_submission_penalty = now
    return {who: (before, now) for who, (before, now) in changed.items() if before != now}


def costs_points(config: Config) -> bool:
    """Whether lateness costs points: tried with a year and one point.

    Raises:
        UsageError: the configuration gives the plugin a value that it does not take.
    """
    rule = _rule(config)
    try:
        return bool(rule.plugin_inst.late_submission_penalty("", 1.0, YEAR))
    except Exception:  # a course's own plugin, which knows no such student
        return True


def _rule(config: Config) -> AssignLatePenalties:
    """nbgrader's step with the plugin that the course configures."""
    try:
        rule = AssignLatePenalties(config=config, log=log)
        rule.init_plugin()
    except TraitError as error:
        raise UsageError(f"nbgrader_config.py: {error}") from error
    return rule


def _late_notebooks(assignment: str | None, students: Collection[str] | None):
    """Notebooks of submissions that are late or have a penalty."""
    query = (
        select(Assignment.name, SubmittedAssignment, SubmittedNotebook)
        .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
        .join(SubmittedNotebook, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
        .where(
            (SubmittedAssignment.timestamp > Assignment.duedate)
            | SubmittedNotebook.late_submission_penalty.is_not(None)
        )
    )
    if assignment is not None:
        query = query.where(Assignment.name == assignment)
    if students is not None:
        query = query.where(SubmittedAssignment.student_id.in_(list(students)))
    return query


def _penalty(
    rule: AssignLatePenalties, submission: SubmittedAssignment, notebook: SubmittedNotebook
) -> float | None:
    """As nbgrader's step computes it."""
    if submission.assignment.duedate is None or submission.total_seconds_late <= 0:
        return None
    late = submission.total_seconds_late
    penalty = rule.plugin_inst.late_submission_penalty(submission.student_id, notebook.score, late)
    return None if penalty is None else rule._check_late_penalty(notebook, penalty)


@dataclass
class Times:
    """What reading the times beside the notebooks changed, by student of an assignment."""

    odd: list[str] = field(default_factory=list)  # timestamp.txt is no time
    gone: list[str] = field(default_factory=list)  # timestamp.txt was deleted
    penalties: dict[str, tuple[float, float]] = field(default_factory=dict)  # before and now

    def in_words(self) -> Iterator[str]:
        """A line for each problem."""
        if self.odd:
            yield (
                f"time unknown, as timestamp.txt is no time like 2026-11-12 14:00:00 UTC: {named(self.odd)}"
            )
        if self.gone:
            yield f"time unknown, as timestamp.txt was deleted: {named(self.gone)}"


def take_times(course: Course, gradebook: SharedGradebook, submissions: list[Submission]) -> Times:
    """Take over the times beside an assignment's submissions, and the penalties that follow.

    Raises:
        CourseError: the gradebook refuses.
        UsageError: a due date in the configuration is no time.
    """
    times, assignment = Times(), submissions[0].assignment
    with gradebook.transaction():
        _read_times(course, gradebook, submissions, times)
        changed = penalties_that_count(gradebook, apply_lateness(gradebook, course.config, assignment))
    times.penalties = {student: change for (student, _), change in changed.items()}
    return times


def _read_times(
    course: Course, gradebook: SharedGradebook, submissions: list[Submission], times: Times
) -> None:
    """Write the times into the gradebook, None where the file is gone or odd."""
    home = exchange_zone(course.config)
    graded = {row.student_id: row for row in gradebook.find_assignment(submissions[0].assignment).submissions}
    for submission in submissions:
        student, row = submission.student, graded.get(submission.student)
        try:
            when = read_time(submission, home)
        except OddTimestampError:
            times.odd.append(student)
            when = None
        else:
            if when is None and lies_there(submission.folder / TIMESTAMP):  # which cannot be read now
                continue
        if row is not None and row.timestamp != when:
            if when is None and student not in times.odd:
                times.gone.append(student)
            row.timestamp = when


def stale_feedback(course: Course, assignment: str, students: Iterable[str]) -> Iterator[str]:
    """A line that names those of the students who have feedback from before; nothing without any."""
    stale = sorted(who for who in students if course.folder("feedback", who, assignment).is_dir())
    if stale:
        yield f"stale feedback: {named(stale)}. Update it: autograde feedback {assignment}"
