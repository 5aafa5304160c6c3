"""When work was due and submitted, and what lateness costs.

Due dates and penalties are nbgrader's. Tables of ours have extensions, which nbgrader can store only after a
submission, and what a learning system marked as late. A due date, an extension, the price, a manual grade or the time next to
a notebook may change after grading: then the plugin that the course configures decides again. No student's code
runs, and no grade changes.
"""

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from types import MappingProxyType

from nbgrader.api import Assignment, Gradebook, SubmittedAssignment, SubmittedNotebook
from nbgrader.plugins import LateSubmissionPlugin
from nbgrader.preprocessors import AssignLatePenalties
from sqlalchemy import FLOAT, Boolean, String, select
from traitlets import Float, TraitError
from traitlets.config import Config

from autograde.book import submission_rows, tables
from autograde.book.gradebook import SharedGradebook
from autograde.course import configuration, submission_files
from autograde.course.course import Course, lies_there, log
from autograde.entries import wording
from autograde.entries.entry import Submission
from autograde.errors import UsageError
from autograde.untrusted.timestamp import WRITTEN_TIME, OddTimestampError, read_timestamp, zone_of, zone_word

ALL_ASSIGNMENTS = ""  # in place of an assignment's name
EXTENSIONS = tables.GradebookTable("autograde_extension", "student assignment", seconds=FLOAT)
# That a due date was given in, where it was not this machine's.
ZONES = tables.GradebookTable("autograde_due_zone", "assignment", zone=String(64))
# Of a system that gives no time, as Canvas.
LATE_FLAGS = tables.GradebookTable("autograde_late_flag", "student assignment", late=Boolean)
ODD_TIME = "time unknown, as timestamp.txt is not a time like 2026-11-12 14:00:00 UTC: {students}"
NO_TIME = "time unknown, as no timestamp.txt next to the notebook has it: {students}"
LAST_SECOND = "23:59:59"
LAST_YEAR = 5000  # a year; two earlier times and an extension between them fit into a datetime
YEAR = 365 * 86_400.0
DAY = 86_400.0
MINUTE = 60.0
Extensions = dict[tuple[str, str], timedelta]  # by student and assignment
Times = Mapping[str, datetime | None]  # when students submitted, in UTC without tzinfo; None: unknown
PenaltyChanges = dict[
    tuple[str, str], tuple[float, float]
]  # penalties before and now, by student and assignment


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


def read_due_dates(gradebook: Gradebook) -> dict[str, datetime | None]:
    """The gradebook's due dates by assignment, in UTC without tzinfo; None where there is none."""
    rows = gradebook.db.execute(select(Assignment.name, Assignment.duedate).order_by(Assignment.name))
    return dict(rows.all())


def read_due_date(text: str) -> datetime:
    """A time in UTC without tzinfo. The default zone is this machine's, the default time the day's end.

    Raises:
        UsageError: it is not a time.
    """
    if (parts := WRITTEN_TIME.fullmatch(text.strip())) and not parts[2]:
        text = f"{parts[1]} {LAST_SECOND} {parts[3] or ''}".rstrip()
    try:
        when = read_timestamp(text.encode())
        if not zone_word(text):
            when = when.astimezone(UTC).replace(tzinfo=None)
        if when.year < LAST_YEAR:
            return when
    except (OddTimestampError, ValueError, OverflowError):  # the last two: in the first or last year
        pass
    raise UsageError(
        f"{text!r} is not a date, or is after the year {LAST_YEAR - 1}. Write 2026-11-20 23:59 or 2026-11-20 23:59 Europe/Berlin."
    )


def read_zones(gradebook: Gradebook) -> dict[str, tzinfo | None]:
    """The zones whose clocks count the days of due dates, by assignment; this machine's are left out."""
    return {name: zone_of(zone) for name, zone in ZONES.rows(gradebook)}


def on_clock(moment: datetime, zone: tzinfo | None) -> datetime:
    """What a clock in the zone, or in this machine's, shows at a UTC time; both without tzinfo."""
    return moment.replace(tzinfo=UTC).astimezone(zone).replace(tzinfo=None)


def by_clock(due: datetime, time: timedelta, zone: tzinfo | None) -> timedelta:
    """How long an extension lasts from a due date on, as days have 23, 24 or 25 hours."""
    end = (on_clock(due, zone) + time).replace(tzinfo=zone)
    return end.astimezone(UTC).replace(tzinfo=None) - due


def read_extensions(gradebook: Gradebook) -> Extensions:
    """Every extension, by student and assignment."""
    return {(who, name): timedelta(seconds=time) for who, name, time in EXTENSIONS.rows(gradebook)}


def extension_of(extensions: Extensions, student: str, assignment: str) -> timedelta | None:
    """A student's extension for an assignment, else the one for all assignments."""
    return extensions.get((student, assignment), extensions.get((student, ALL_ASSIGNMENTS)))


def _plugin(config: Config) -> LateSubmissionPlugin:
    """The plugin that the course configures for nbgrader's step."""
    try:
        step = AssignLatePenalties(config=config, log=log)
        step.init_plugin()
    except TraitError as error:
        raise UsageError(f"nbgrader_config.py: {error}") from error
    return step.plugin_inst


class LateRule:
    """How much longer students have in a course, and what being late costs there.

    Raises:
        UsageError: the configuration sets a price that is not a number.
    """

    def __init__(self, gradebook: SharedGradebook, config: Config) -> None:
        self.gradebook, self.plugin = gradebook, _plugin(config)
        self.extensions, self.zones = read_extensions(gradebook), read_zones(gradebook)

    def decide(
        self,
        student: str,
        assignment: str,
        when: datetime | None,
        due: datetime | None,
        score: float,
        given: timedelta | None = None,
    ) -> tuple[timedelta | None, float, float | None]:
        """The extension from the due date on, how many seconds late a time is with it, and the points off, as nbgrader's
        step computes them, of the time that passed on the clock of the due date's zone.

        `given`: an extension by nbgrader's own functions, where there is none of ours.
        """
        if due is None:
            return None, 0.0, None  # nbgrader cannot add an extension to a missing date
        zone, time = self.zones.get(assignment), extension_of(self.extensions, student, assignment)
        longer = given if time is None else by_clock(due, time, zone)
        late = submission_rows.seconds_late(when, due, longer)
        if when is None or not late:
            return longer, 0.0, None
        passed = on_clock(when, zone) - on_clock(due + (longer or timedelta()), zone)
        # An hour may come twice.
        penalty = self.plugin.late_submission_penalty(student, score, max(1.0, passed.total_seconds()))
        return longer, late, None if penalty is None else max(0, min(penalty, score))

    def notebooks(
        self, assignment: str | None, student: str | None = None, corrected: Times = MappingProxyType({})
    ) -> Iterator[tuple[str, SubmittedAssignment, SubmittedNotebook, timedelta | None, float, float | None]]:
        """The notebooks that are or were late, after their assignments' names, each with what `decide` says of it now."""
        query = (
            select(Assignment, SubmittedAssignment, SubmittedNotebook)
            .join(SubmittedAssignment, Assignment.id == SubmittedAssignment.assignment_id)
            .join(SubmittedNotebook, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
            .where(
                (SubmittedAssignment.timestamp > Assignment.duedate)
                | SubmittedAssignment.extension.is_not(None)
                | SubmittedNotebook.late_submission_penalty.is_not(None)
                | SubmittedAssignment.student_id.in_(corrected)
            )
        )
        if assignment is not None:
            query = query.where(Assignment.name == assignment)
        if student is not None:
            query = query.where(SubmittedAssignment.student_id == student)
        for of, submission, notebook in self.gradebook.db.execute(query).all():
            who, given = submission.student_id, submission.extension
            when = corrected.get(who, submission.timestamp)
            decision = self.decide(who, of.name, when, of.duedate, notebook.score, given)
            yield of.name, submission, notebook, *decision

    def now(self, assignment: str, corrected: Times) -> dict[str, tuple[float, float]]:
        """By student how many seconds late, and the points that it costs now; nothing is written.

        `corrected`: times that count in place of the gradebook's.
        """
        found: dict[str, tuple[float, float]] = {}
        for _, submission, _, _, late, price in self.notebooks(assignment, None, corrected):
            student = submission.student_id
            found[student] = late, found.get(student, (0.0, 0.0))[1] + (price or 0.0)
        return found

    def of_members(
        self, assignment: str, corrected: Times
    ) -> Callable[[str, str, float], tuple[float, float]]:
        """A function of a student, the group that the student handed in with, and the points reached: how many seconds
        late that was with the student's own extension, and what it costs.
        """
        times = {**submission_rows.submission_times(self.gradebook, assignment), **corrected}
        due = read_due_dates(self.gradebook).get(assignment)

        def lateness(student: str, group: str, score: float) -> tuple[float, float]:
            _, late, price = self.decide(student, assignment, times.get(group), due, score)
            return late, price or 0.0

        return lateness

    def costs_points(self) -> bool:
        """Whether lateness costs points: tried with a year and one point."""
        try:
            return bool(self.plugin.late_submission_penalty("", 1.0, YEAR))
        except Exception:  # a course's own plugin, which knows no such student
            return True


def apply_lateness(
    gradebook: SharedGradebook, config: Config, assignment: str | None, student: str | None = None
) -> PenaltyChanges:
    """Write the extensions and penalties of an assignment, or of all, as they are now; within a transaction.

    `student`: of this one alone.

    Returns:
        The penalties that changed, of the points that count now.

    Raises:
        UsageError: the configuration sets a price that is not a number.
    """
    gradebook.db.flush()
    rule = LateRule(gradebook, config)
    changed: dict[tuple[str, str], list[float]] = defaultdict(lambda: [0.0, 0.0])
    for name, submission, notebook, longer, _, now in rule.notebooks(assignment, student):
        before, totals = notebook.late_submission_penalty, changed[submission.student_id, name]
        totals[0] += before or 0.0
        totals[1] += now or 0.0
        submission.extension = longer
        if before != now:
            notebook.late_submission_penalty = now
    gradebook.db.flush()
    return {who: (before, now) for who, (before, now) in changed.items() if before != now}


def read_times(course: Course, submissions: Iterable[Submission]) -> tuple[Times, list[str]]:
    """The times next to submissions, and who has an odd one, as `ODD_TIME` says of them.

    A time is None where its file is gone or odd; of a file that cannot be read now there is none.
    """
    home, times, odd = configuration.exchange_zone(course.config), {}, []
    for submission in submissions:
        path = submission.folder / submission_files.TIMESTAMP
        try:
            when = submission_files.read_time(submission, home)
        except OddTimestampError:
            odd.append(submission.student)
            when = None
        else:
            if when is None and lies_there(path):
                continue
        times[submission.student] = when
    return times, odd


def take_times(
    course: Course, gradebook: SharedGradebook, submissions: Sequence[Submission]
) -> tuple[list[str], PenaltyChanges]:
    """Read the times next to an assignment's submissions into the gradebook.

    Returns:
        Those with an odd time, as `ODD_TIME` says of them, and the penalties that changed.

    Raises:
        CourseError: the gradebook refuses.
        UsageError: the configuration sets a price that is not a number.
    """
    assignment, (times, odd) = submissions[0].assignment, read_times(course, submissions)
    with gradebook.transaction():
        for row in gradebook.find_assignment(assignment).submissions:
            row.timestamp = times.get(row.student_id, row.timestamp)
        changed = apply_lateness(gradebook, course.config, assignment)
    return odd, changed


def stale_feedback(course: Course, assignment: str, students: Iterable[str]) -> Iterator[str]:
    """A line that names those of the students who have feedback from before; nothing without any."""
    stale = sorted(who for who in students if course.folder("feedback", who, assignment).is_dir())
    sentence = "stale feedback: {students}. Update it: autograde feedback {assignment}"
    return wording.lines_about({sentence: stale}, assignment)
