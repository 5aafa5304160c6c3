"""Due dates, extensions and late work as the commands show and change them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta, tzinfo

from nbgrader.api import Assignment, SubmittedAssignment
from rich.table import Table
from sqlalchemy import select

from autograde.errors import UsageError
from autograde.grading.answer_key import AnswerKey
from autograde.grading.corrected_times import Times, take_times
from autograde.grading.course import Course
from autograde.grading.gradebook import SharedGradebook
from autograde.grading.old_pages import old_pages
from autograde.grading.result_messages import safe
from autograde.grading.results import Result
from autograde.grading.scores import penalties_that_count, times_handed_in
from autograde.grading.whole_class import WholeClass, read_class
from autograde.lateness.apply import apply_lateness
from autograde.lateness.due_dates import (
    configured_due_dates,
    read_due_date,
    read_due_dates,
    read_due_zones,
    shown_time,
    zone_in,
)
from autograde.lateness.duration import in_words
from autograde.lateness.extensions import ALL, Extensions, extension_of, read_extensions, write_extensions
from autograde.lateness.penalty import LatePenalty
from autograde.lateness.remembered import MARKED_LATE
from autograde.lateness.zones import write_zone
from autograde.roster.edit import not_on_roster
from autograde.roster.naming import named
from autograde.roster.nearest import described
from autograde.roster.people import Person, read_people, read_roster
from autograde.scores import points
from autograde.untrusted.names import printable
from autograde.untrusted.timestamp import zone_word
from descentlab.sentences import say

EVERY = "all"  # as people write every assignment


def show_due_dates(course: Course, gradebook: SharedGradebook) -> Iterator[str]:
    """A line for each assignment, and what handing in late costs.

    Raises:
        UsageError: something in the configuration is no time.
    """
    dates = {**dict.fromkeys(course.source_assignments()), **read_due_dates(gradebook)}
    configured = configured_due_dates(course.config)
    unknown = sorted(configured.keys() - dates.keys())
    dates |= configured
    zones = read_due_zones(gradebook, course.config)
    for assignment in sorted(dates):
        when = dates[assignment]
        yield f"{assignment}: {shown_time(when, zones.get(assignment)) if when else say('no due date')}"
    for assignment in unknown:
        yield say("no assignment is named {assignment!r} yet: its date counts nowhere", assignment=assignment)
    yield _rule_in_words(course)


def set_due_date(
    course: Course, gradebook: SharedGradebook, assignment: str, text: str | None
) -> Iterator[str]:
    """Say when an assignment is due, or with None that it never is.

    Raises:
        UsageError: no such assignment, no time, or the configuration says another one.
        CourseError: the gradebook refuses.
    """
    if assignment in configured_due_dates(course.config):
        raise UsageError.say(
            "nbgrader_config.py says when {assignment} is due (c.DueDates.of): change it there.",
            assignment=assignment,
        )
    when = None if text is None else read_due_date(text)
    with gradebook.transaction():
        known = read_due_dates(gradebook)
        if assignment not in known:
            if assignment in course.source_assignments():
                raise UsageError.say(
                    "{assignment} is not released yet: autograde release {assignment}", assignment=assignment
                )
            raise course.unknown_assignment(assignment, sorted({*known, *course.source_assignments()}))
        gradebook.find_assignment(assignment).duedate = when
        write_zone(gradebook, assignment, zone_word(text or ""))
        gradebook.db.flush()
        changed = penalties_that_count(gradebook, apply_lateness(gradebook, course.config, assignment))
        late = _count_late(gradebook, assignment)
    due_words = shown_time(when, zone_in(text)) if when and text else say("no due date")
    yield f"{assignment}: {due_words}"
    if late:
        yield say(
            "late: {count}. Who, and by how much: autograde late {assignment}",
            count=late,
            assignment=assignment,
        )
    yield from _changes_in_words(course, changed)


def extend(
    course: Course,
    gradebook: SharedGradebook,
    assignment: str,
    students: Sequence[str],
    hours: float | None,
    until: str | None,
) -> Iterator[str]:
    """Give students an extension, in hours or until a time; with neither take it away.

    Raises:
        UsageError: no such assignment or student, or a time that is none or too early.
        CourseError: the gradebook refuses.
    """
    with gradebook.transaction():
        dates = {**dict.fromkeys(course.source_assignments()), **read_due_dates(gradebook)}
        if assignment != EVERY and assignment not in dates:
            raise course.unknown_assignment(assignment, sorted(dates))
        people = _extended(gradebook, students)
        zone = read_due_zones(gradebook, course.config).get(assignment)
        time = timedelta(hours=hours) if hours else _until(until, assignment, dates, zone) if until else None
        name = ALL if assignment == EVERY else assignment
        write_extensions(gradebook, {(student, name): time for student in students})
        if time is None:  # what stands on nbgrader's rows is ours to take back
            _forget_on_submissions(gradebook, name, students)
        penalties = apply_lateness(gradebook, course.config, name or None, students)
        changed = penalties_that_count(gradebook, penalties)
    for person in people:
        shown_in = zone_in(until or "") or zone
        yield _extension_in_words(person, assignment, time, dates.get(assignment), shown_in)
    yield from _changes_in_words(course, changed)


def _extension_in_words(
    person: Person, assignment: str, time: timedelta | None, due: datetime | None, zone: tzinfo | None
) -> str:
    named = {"student": described(person), "assignment": assignment}
    if time is None:
        return say("{student}: no extension for {assignment}", **named)
    named["time"] = in_words(time.total_seconds())
    if due is None:
        return say("{student}: {time} more for {assignment}", **named)
    named["until"] = shown_time(due + time, zone)
    return say("{student}: {time} more for {assignment}, until {until}", **named)


def late_table(course: Course, gradebook: SharedGradebook, key: AnswerKey) -> tuple[Table, list[str]]:
    """Who was late, by times as they are now, and the lines below it."""
    corrected = _times_as_they_are(course, gradebook, key.assignment)
    whole = read_class(course, gradebook, key)
    due = read_due_dates(gradebook).get(key.assignment)
    late = [result for result in whole.results() if result.is_late or result.penalty]
    times = times_handed_in(gradebook, key.assignment)
    marked = MARKED_LATE.students(gradebook, key.assignment)
    doubts = list(_doubts(times, marked, whole, due)) if due else []
    extensions = read_extensions(gradebook)
    lines = []
    if due and not late:
        lines.append(
            say("of those whose time is known nobody was late.") if doubts else say("nobody was late.")
        )
    lines += doubts
    lines += _more_time(times, whole, late, extensions)
    lines += corrected.in_words()
    changed = {(student, key.assignment): change for student, change in corrected.penalties.items()}
    lines += _changes_in_words(course, changed)
    zone = read_due_zones(gradebook, course.config).get(key.assignment)
    when = shown_time(due, zone) if due else say("no due date")
    lines += [say("due: {when}", when=when), _rule_in_words(course)]
    return _table(whole, late, extensions), lines


def _table(whole: WholeClass, late: Sequence[Result], extensions: Extensions) -> Table:
    table = Table(box=None, pad_edge=False)
    for title in (say("student"), say("late"), say("extension"), say("points off"), say("score")):
        table.add_column(title, justify="left" if title == say("student") else "right")
    for result in late:
        time = extension_of(extensions, result.student, whole.key.assignment)
        table.add_row(
            safe(described(whole.person(result.student))),
            say("marked late") if result.marked_late else in_words(result.late),
            in_words(time.total_seconds()) if time else "",
            points(result.penalty),
            f"{points(result.score)} / {points(result.max_score)}",
        )
    return table


def _more_time(
    times: dict[str, datetime | None], whole: WholeClass, late: Sequence[Result], extensions: Extensions
) -> Iterator[str]:
    """Who has an extension and is not in the table."""
    students = {student for student, _ in extensions} - {result.student for result in late}
    in_time, undated = [], []
    for who in sorted(students):
        if more := extension_of(extensions, who, whole.key.assignment):
            (in_time if times.get(who) else undated).append(f"{who} ({in_words(more.total_seconds())})")
    if in_time:
        yield say("more time, and not late: {students}", students=named(in_time))
    if undated:
        yield say("more time, and no time of handing in is known: {students}", students=named(undated))


def _doubts(
    times: dict[str, datetime | None], marked: set[str], whole: WholeClass, due: datetime
) -> Iterator[str]:
    """Of whom no time is known, and whose time says otherwise than the system that they handed in with."""
    undated = {student for student, when in times.items() if when is None} & whole.graded.keys() - marked
    if undated:
        yield say(
            "not known, as no timestamp.txt beside the notebook says a time: {students}",
            students=named(sorted(undated)),
        )
    in_time = sorted(student for student in marked if (when := times.get(student)) and when <= due)
    if in_time:
        yield say(
            "marked late by Canvas, and in time by timestamp.txt: {students}",
            students=named(in_time),
        )


def _times_as_they_are(course: Course, gradebook: SharedGradebook, assignment: str) -> Times:
    """What `take_times` says; nothing where the submissions are no longer there."""
    try:
        submissions = course.submissions(assignment)
    except UsageError:
        return Times()
    return take_times(course, gradebook, submissions)


def _extended(gradebook: SharedGradebook, students: Sequence[str]) -> list[Person]:
    roster, known = read_roster(gradebook), read_people(gradebook)
    people = known if roster is None else roster
    for student in students:
        if student in people:
            continue
        if roster is None:
            raise UsageError.say(
                "{student!r} is not known: without a roster students are known once they are graded. Import "
                "one: autograde roster import FILE.csv",
                student=student,
            )
        raise not_on_roster(student, list(people.values()))
    return [people[student] for student in students]


def _until(text: str, assignment: str, dates: dict[str, datetime | None], zone: tzinfo | None) -> timedelta:
    due = dates.get(assignment)
    if due is None:
        raise UsageError.say(
            '{assignment} has no due date: autograde due {assignment} "2026-11-20 23:59"',
            assignment=assignment,
        )
    time = read_due_date(text) - due
    if time <= timedelta():
        raise UsageError.say(
            "{until} is not after the due date, {due}.",
            until=shown_time(read_due_date(text), zone_in(text) or zone),
            due=shown_time(due, zone),
        )
    return time


def _forget_on_submissions(gradebook: SharedGradebook, assignment: str, students: Sequence[str]) -> None:
    query = select(SubmittedAssignment).where(SubmittedAssignment.student_id.in_(students))
    if assignment != ALL:
        query = query.join(SubmittedAssignment.assignment).where(Assignment.name == assignment)
    for submission in gradebook.db.scalars(query):
        submission.extension = None


def _count_late(gradebook: SharedGradebook, assignment: str) -> int:
    submissions = gradebook.find_assignment(assignment).submissions
    return sum(submission.total_seconds_late > 0 for submission in submissions)


def _changes_in_words(course: Course, changed: dict[tuple[str, str], tuple[float, float]]) -> Iterator[str]:
    for (student, assignment), (before, now) in sorted(changed.items()):
        yield say(
            "points off for lateness: {student}, {assignment}: {before} → {now}",
            student=printable(student),
            assignment=assignment,
            before=points(before),
            now=points(now),
        )
    for assignment in sorted({assignment for _, assignment in changed}):
        yield from old_pages(course, assignment, [student for student, of in changed if of == assignment])


def _rule_in_words(course: Course) -> str:
    """What handing in late costs here."""
    configured = course.config.get("AssignLatePenalties", {}).get("plugin_class")
    if configured not in (None, "autograde.lateness.penalty.LatePenalty", LatePenalty):
        return say("handing in late costs what {plugin} says", plugin=configured)
    rule = LatePenalty(config=course.config)
    if rule.percent_per_day:
        return say(
            "handing in late costs {percent} % of the points reached for each begun day, {most} % at most, "
            "after {grace} min of grace (c.LatePenalty)",
            percent=points(rule.percent_per_day),
            most=points(rule.most_percent),
            grace=points(rule.grace_minutes),
        )
    if rule.penalty_method == "zero":
        return say("handing in late costs all points (c.LateSubmissionPlugin.penalty_method)")
    return say(
        "handing in late costs nothing. A price: write c.LatePenalty.percent_per_day = 10 into "
        "nbgrader_config.py, above the line `configure(…)`"
    )
