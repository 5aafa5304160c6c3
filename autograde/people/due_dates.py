"""Due dates, extensions and late work as `autograde due` shows and changes them."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path

from rich.table import Table

from autograde.book import class_results, roster, submission_rows
from autograde.book.gradebook import SharedGradebook
from autograde.book.late import (
    ALL_ASSIGNMENTS,
    EXTENSIONS,
    NO_TIME,
    ODD_TIME,
    ZONES,
    LatePenalty,
    PenaltyChanges,
    apply_lateness,
    by_clock,
    extension_of,
    read_due_date,
    read_due_dates,
    read_extensions,
    read_times,
    read_zones,
    stale_feedback,
    take_times,
)
from autograde.course import configuration, graded_files, submission_files
from autograde.course.course import Course
from autograde.delimited import DelimitedTable
from autograde.entries import answer_key
from autograde.entries.matching import Matcher, described, said_in_word
from autograde.entries.wording import counted, duration, lines_about, points, safe
from autograde.errors import UsageError
from autograde.files import put
from autograde.people.enrollment import RosterError
from autograde.untrusted.names import printable, shell_word
from autograde.untrusted.timestamp import OddTimestampError, read_timestamp, zone_of, zone_word

TYPED_FOR_ALL = "all"  # what people type for every assignment
TYPED_FOR_NONE = "never"  # what they type for no due date
OLDER = "the gradebook has an older time or late penalty: {students}. Bring it up to date: autograde grade {assignment}"


def show_due_dates(course: Course, gradebook: SharedGradebook) -> Iterator[str]:
    """A line for each assignment, and what lateness costs."""
    dates, zones = read_due_dates(gradebook), read_zones(gradebook)
    for assignment in class_results.known_assignments(course, gradebook):
        yield f"{assignment}: {due_in_words(dates.get(assignment), zones.get(assignment))}"
    yield _price(course)


def set_due_date(course: Course, gradebook: SharedGradebook, assignment: str, text: str) -> Iterator[str]:
    """Set an assignment's due date, or remove it with "never".

    Raises:
        UsageError: no such assignment, or no time.
        CourseError: the gradebook refuses.
    """
    when = None if text == TYPED_FOR_NONE else read_due_date(text)
    with gradebook.transaction():
        class_results.require_known(course, gradebook, assignment)
        if assignment not in read_due_dates(gradebook):
            raise UsageError(f"{assignment} is not released yet: autograde release {shell_word(assignment)}")
        row = gradebook.find_assignment(assignment)
        row.duedate = when
        typed = {"assignment": assignment, "zone": zone_word(text)}
        ZONES.remove(gradebook, [typed])
        if zone := zone_of(typed["zone"]):
            ZONES.put(gradebook, [typed])
        changed = apply_lateness(gradebook, course.config, assignment)
        late = sum(submission.total_seconds_late > 0 for submission in row.submissions)
    yield f"{assignment}: {due_in_words(when, zone)}"
    if late:
        yield f"late: {late}. Show them: autograde due {shell_word(assignment)} --late"
    yield from _lines(course, changed)


def extend(
    course: Course, gradebook: SharedGradebook, assignment: str, students: Sequence[str], days: float
) -> Iterator[str]:
    """Give students an extension of some days, 0 for none.

    Raises:
        UsageError: no such assignment or student.
        CourseError: the gradebook refuses.
    """
    name, time = ALL_ASSIGNMENTS, timedelta(days=days)
    with gradebook.transaction():
        if assignment != TYPED_FOR_ALL:
            name = assignment
            class_results.require_known(course, gradebook, assignment)
        due, zone = read_due_dates(gradebook).get(name), read_zones(gradebook).get(name)
        people = roster.read_roster(gradebook) or roster.read_people(gradebook)
        members = roster.members_of(roster.read_groups(gradebook, name))  # a group is its members
        students = [who for student in students for who in members.get(student, [student])]
        roster.require_on_roster(students, people)
        seconds = time.total_seconds()
        rows = [{"student": who, "assignment": name, "seconds": seconds} for who in students]
        EXTENSIONS.put(gradebook, rows)
        changed = apply_lateness(gradebook, course.config, name or None)
    for student in students:
        end = f", until {_local_time(due + by_clock(due, time, zone), zone)}" if time and due else ""
        more = f"extension of {duration(seconds)}" if time else "no extension"
        yield f"{described(people[student])}: {more} for {assignment}{end}"
    yield from _lines(course, changed)


def set_times(
    course: Course, gradebook: SharedGradebook, assignment: str, file: Path, encoding: str | None
) -> Iterator[str]:
    """Write when students submitted, from the columns student and time of a table, next to their notebooks.

    A time without a zone is by the clock of the due date's.

    Raises:
        UsageError: no such table, or no submission.
        RosterError: a line without a student who submitted, or without a time; nothing was written.
    """
    class_results.require_known(course, gradebook, assignment)
    table = DelimitedTable.read(file, encoding)
    at, of = table.column_index("student"), table.column_index("time")
    if at is None or of is None:
        raise UsageError(f"{file} has no column {'student' if at is None else 'time'}.")
    matcher = Matcher(roster.read_roster(gradebook), roster.read_groups(gradebook, assignment))
    there, zone = course.submitters(assignment), read_zones(gradebook).get(assignment)
    times, problems = {}, []
    for line, cells in enumerate(table.rows[1:], 2):
        word, time = (cells[place].strip() if place < len(cells) else "" for place in (at, of))
        if not (word or time):
            continue
        student = matcher.in_line(said_in_word(word), f"{file}, line {line}:")
        student = student if student in there else matcher.submitter(student)
        try:
            read_timestamp(time.encode(), zone or UTC)
        except OddTimestampError:
            problems.append(
                f"line {line}: {time!r} is no time such as 2026-11-20 22:12 or 2026-11-20 22:12 +0100"
            )
        if student not in there:
            problems.append(f"line {line}: no submission of {word!r}")
        times[student] = time if zone_word(time) or not zone else f"{time} {zone}"
    if problems:
        raise RosterError(file, problems)
    for student, time in times.items():
        path = course.folder("submitted", student, assignment) / submission_files.TIMESTAMP
        with graded_files.disk(path):
            put(path, f"{time}\n".encode())
    _, changed = take_times(course, gradebook, course.submissions(assignment))
    yield f"{assignment}: {counted(len(times), 'time')}"
    yield from _lines(course, changed)


def late_table(
    course: Course, gradebook: SharedGradebook, key: answer_key.AnswerKey
) -> tuple[Table, list[str]]:
    """Who was late, with the times next to the notebooks as they are now, and the lines below the table."""
    stored = submission_rows.submission_times(gradebook, key.assignment)
    submitters = course.submitters(key.assignment)
    times_there, odd = read_times(course, (course.submission(who, key.assignment) for who in submitters))
    corrected = {who: when for who, when in times_there.items() if stored.get(who, when) != when}
    whole = class_results.read_class(course, gradebook, key, corrected)
    due, extensions = read_due_dates(gradebook).get(key.assignment), read_extensions(gradebook)
    times = {
        who: duration(time.total_seconds())
        for who, _ in extensions
        if (time := extension_of(extensions, who, key.assignment))
    }
    late = [result for result in whole.entries if result.is_late or result.penalty]
    table = Table(box=None, pad_edge=False)
    for title in ("student", "late", "extension", "points off", "score"):
        table.add_column(title, justify="left" if title == "student" else "right")
    for result in late:
        table.add_row(
            safe(described(whole.person(result.student))),
            "marked late" if result.marked_late else duration(result.late),
            times.pop(result.student, ""),
            points(result.penalty),
            f"{points(result.score)} / {points(result.max_score)}",
        )
    lines = []
    undated = class_results.without_time(gradebook, key.assignment, corrected)[1]
    unknown = undated & whole.graded.keys() if due else set()
    if due and not late:
        lines.append("no submission with a known time was late." if unknown else "no submission was late.")
    others = [f"{who} ({time})" for who, time in sorted(times.items())]
    lines += lines_about(
        {
            NO_TIME: sorted(unknown - {*odd}),
            ODD_TIME: odd,
            "other extensions: {students}": others,
            OLDER: sorted({*whole.older_penalties, *corrected}),
        },
        key.assignment,
    )
    told = due_in_words(due, read_zones(gradebook).get(key.assignment))
    return table, [*lines, f"due: {told}", _price(course)]


def _local_time(moment: datetime, zone: tzinfo | None) -> str:
    """A UTC time by the clock of a zone, else of this machine; without an offset it is UTC, whatever the zone's name."""
    local = moment.replace(tzinfo=UTC).astimezone(zone)
    return f"{local:%Y-%m-%d %H:%M} {local.strftime('%Z') if local.utcoffset() else 'UTC'}"


def due_in_words(when: datetime | None, zone: tzinfo | None) -> str:
    """A due date as every command shows it: in the zone that was typed, else this machine's, and in UTC."""
    if when is None:
        return "no due date"
    local, utc = _local_time(when, zone), f"{when:%Y-%m-%d %H:%M} UTC"
    return local if local == utc else f"{local} ({utc})"


def _lines(course: Course, changed: PenaltyChanges) -> Iterator[str]:
    """What changes of penalties mean."""
    for (student, assignment), (before, now) in sorted(changed.items()):
        yield f"points off for lateness: {printable(student)}, {assignment}: {points(before)} → {points(now)}"
    for assignment in sorted({assignment for _, assignment in changed}):
        yield from stale_feedback(course, assignment, [who for who, of in changed if of == assignment])


def _price(course: Course) -> str:
    """What lateness costs in this course."""
    plugin = course.config.get("AssignLatePenalties", {}).get("plugin_class")
    if plugin not in (None, configuration.LATE_PENALTY, LatePenalty):
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
