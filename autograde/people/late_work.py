"""Due dates, extensions and late work as `autograde due` shows and changes them."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta, tzinfo

from rich.table import Table

from autograde.course.answer_key import AnswerKey
from autograde.course.configuration import LATE_PENALTY
from autograde.course.course import Course
from autograde.course.gradebook import SharedGradebook
from autograde.course.result_messages import in_words, safe
from autograde.course.results import Result
from autograde.course.scores import penalties_that_count
from autograde.errors import UsageError
from autograde.people.class_results import WholeClass, read_class, without_time
from autograde.people.due_dates import (
    ALL,
    Extensions,
    configured_due_dates,
    extension_of,
    read_due_date,
    read_due_dates,
    read_due_zones,
    read_extensions,
    shown_time,
    write_extensions,
    write_zone,
    zone_in,
)
from autograde.people.late import LatePenalty, Times, apply_lateness, stale_feedback, take_times
from autograde.people.roster import Person, described, not_on_roster, read_people, read_roster
from autograde.scores import named, points
from autograde.untrusted.names import printable
from autograde.untrusted.timestamp import zone_word

EVERY = "all"  # what people type for every assignment


def show_due_dates(course: Course, gradebook: SharedGradebook) -> Iterator[str]:
    """A line for each assignment, and what lateness costs.

    Raises:
        UsageError: a due date in the configuration is no time.
    """
    dates = {**dict.fromkeys(course.source_assignments()), **read_due_dates(gradebook)}
    configured = configured_due_dates(course.config)
    unknown = sorted(configured.keys() - dates.keys())
    dates |= configured
    zones = read_due_zones(gradebook, course.config)
    for assignment in sorted(dates):
        yield f"{assignment}: {_due(dates[assignment], zones.get(assignment))}"
    for assignment in unknown:
        yield f"unknown assignment {assignment!r}: its due date has no effect"
    yield _price(course)


def set_due_date(
    course: Course, gradebook: SharedGradebook, assignment: str, text: str | None
) -> Iterator[str]:
    """Set an assignment's due date, or remove it with None.

    Raises:
        UsageError: no such assignment, no time, or the configuration sets another one.
        CourseError: the gradebook refuses.
    """
    if assignment in configured_due_dates(course.config):
        raise UsageError(
            f"the due date of {assignment} is set in nbgrader_config.py (c.DueDates.of): change it there."
        )
    when = None if text is None else read_due_date(text)
    with gradebook.transaction():
        known = read_due_dates(gradebook)
        if assignment not in known:
            if assignment in course.source_assignments():
                raise UsageError(f"{assignment} is not released yet: autograde release {assignment}")
            raise course.unknown_assignment(assignment, sorted({*known, *course.source_assignments()}))
        row = gradebook.find_assignment(assignment)
        row.duedate = when
        write_zone(gradebook, assignment, zone_word(text or ""))
        gradebook.db.flush()
        changed = penalties_that_count(gradebook, apply_lateness(gradebook, course.config, assignment))
        late = sum(submission.total_seconds_late > 0 for submission in row.submissions)
    yield f"{assignment}: {_due(when, zone_in(text or ''))}"
    if late:
        yield f"late: {late}. Show them: autograde due {assignment} --late"
    yield from _changes(course, changed)


def extend(
    course: Course,
    gradebook: SharedGradebook,
    assignment: str,
    students: Sequence[str],
    hours: float | None,
    until: str | None,
) -> Iterator[str]:
    """Give students an extension, in hours or until a time; with neither, remove it.

    Raises:
        UsageError: no such assignment or student, no time, or one before the due date.
        CourseError: the gradebook refuses.
    """
    with gradebook.transaction():
        dates = {**dict.fromkeys(course.source_assignments()), **read_due_dates(gradebook)}
        if assignment != EVERY and assignment not in dates:
            raise course.unknown_assignment(assignment, sorted(dates))
        people = _people(gradebook, students)
        due = dates.get(assignment)
        zone = read_due_zones(gradebook, course.config).get(assignment)
        time = timedelta(hours=hours) if hours else None
        if until is not None:
            time = _until(until, assignment, due, zone)
        name = ALL if assignment == EVERY else assignment
        write_extensions(gradebook, {(student, name): time for student in students})
        penalties = apply_lateness(gradebook, course.config, name or None, students)
        changed = penalties_that_count(gradebook, penalties)
    for person in people:
        end = f", until {shown_time(due + time, zone_in(until or '') or zone)}" if time and due else ""
        more = f"extension of {in_words(time.total_seconds())}" if time else "no extension"
        yield f"{described(person)}: {more} for {assignment}{end}"
    yield from _changes(course, changed)


def late_table(course: Course, gradebook: SharedGradebook, key: AnswerKey) -> tuple[Table, list[str]]:
    """Who was late, with the times beside the notebooks as they are now, and the lines below the table."""
    try:
        times = take_times(course, gradebook, course.submissions(key.assignment))
    except UsageError:  # the submissions were put away
        times = Times()
    whole = read_class(course, gradebook, key)
    due = read_due_dates(gradebook).get(key.assignment)
    zone = read_due_zones(gradebook, course.config).get(key.assignment)
    late = [result for result in whole.results() if result.is_late or result.penalty]
    extensions = read_extensions(gradebook)
    lines = []
    if due:
        unknown = sorted(without_time(gradebook, key.assignment)[1] & whole.graded.keys())
        if not late:
            lines.append("nobody of known time was late." if unknown else "nobody was late.")
        if unknown:
            lines.append(f"time unknown, as no timestamp.txt beside the notebook has it: {named(unknown)}")
    others = sorted({student for student, _ in extensions} - {result.student for result in late})
    more = {who: time for who in others if (time := extension_of(extensions, who, key.assignment))}
    if more:
        listed = [f"{who} ({in_words(time.total_seconds())})" for who, time in more.items()]
        lines.append(f"other extensions: {named(listed)}")
    lines += times.in_words()
    lines += _changes(course, {(who, key.assignment): change for who, change in times.penalties.items()})
    lines += [f"due: {_due(due, zone)}", _price(course)]
    return _table(whole, late, extensions), lines


def _table(whole: WholeClass, late: Sequence[Result], extensions: Extensions) -> Table:
    table = Table(box=None, pad_edge=False)
    for title in ("student", "late", "extension", "points off", "score"):
        table.add_column(title, justify="left" if title == "student" else "right")
    for result in late:
        time = extension_of(extensions, result.student, whole.key.assignment)
        table.add_row(
            safe(described(whole.person(result.student))),
            "marked late" if result.marked_late else in_words(result.late),
            in_words(time.total_seconds()) if time else "",
            points(result.penalty),
            f"{points(result.score)} / {points(result.max_score)}",
        )
    return table


def _due(when: datetime | None, zone: tzinfo | None) -> str:
    return shown_time(when, zone) if when else "no due date"


def _people(gradebook: SharedGradebook, students: Sequence[str]) -> list[Person]:
    """The students of a roster, or of the gradebook where there is none."""
    roster, known = read_roster(gradebook), read_people(gradebook)
    people = known if roster is None else roster
    for student in students:
        if student not in people and roster is None:
            raise UsageError(
                f"unknown student {student!r}: without a roster only graded students are known. "
                "Import one: autograde roster import FILE.csv"
            )
        if student not in people:
            raise not_on_roster(student, list(people.values()))
    return [people[student] for student in students]


def _until(text: str, assignment: str, due: datetime | None, zone: tzinfo | None) -> timedelta:
    if due is None:
        raise UsageError(f'{assignment} has no due date: autograde due {assignment} "2026-11-20 23:59"')
    end = read_due_date(text)
    if end <= due:
        raise UsageError(
            f"{shown_time(end, zone_in(text) or zone)} is not after the due date, {shown_time(due, zone)}."
        )
    return end - due


def _changes(course: Course, changed: dict[tuple[str, str], tuple[float, float]]) -> Iterator[str]:
    for (student, assignment), (before, now) in sorted(changed.items()):
        yield f"points off for lateness: {printable(student)}, {assignment}: {points(before)} → {points(now)}"
    for assignment in sorted({assignment for _, assignment in changed}):
        yield from stale_feedback(course, assignment, [who for who, of in changed if of == assignment])


def _price(course: Course) -> str:
    """What lateness costs in this course."""
    plugin = course.config.get("AssignLatePenalties", {}).get("plugin_class")
    if plugin not in (None, LATE_PENALTY, LatePenalty):
        return f"the price of lateness is set by {plugin}"
    rule = LatePenalty(config=course.config)
    if rule.percent_per_day:
        return (
            f"lateness costs {points(rule.percent_per_day)} % of the points reached for each day begun, at most "
            f"{points(rule.most_percent)} %, after {points(rule.grace_minutes)} min of grace (c.LatePenalty)"
        )
    if rule.penalty_method == "zero":
        return "lateness costs all points (c.LateSubmissionPlugin.penalty_method)"
    return (
        "lateness costs nothing. To set a price, write c.LatePenalty.percent_per_day = 10 "
        "into nbgrader_config.py, above the line `configure(…)`"
    )
