"""What is due when, and for whom: nbgrader's columns, and a table of ours for what they have no place for.

    c.DueDates.of = {"06-adam": "2026-11-20 23:59 Europe/Berlin"}

A due date in nbgrader_config.py overrides the gradebook's.
"""

import re
from collections.abc import Collection, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

from nbgrader.api import Assignment, Gradebook, SubmittedAssignment
from sqlalchemy import Boolean, Column, Float, String, select
from traitlets import Dict, TraitError, Unicode
from traitlets.config import Config, Configurable

from autograde.errors import UsageError
from autograde.gradebook_table import GradebookTable
from autograde.untrusted.timestamp import OddTimestampError, read_timestamp, zone_of, zone_word

ALL = ""  # in place of an assignment's name
TABLE = GradebookTable(
    "autograde_date",
    Column("student", String(128), primary_key=True),  # empty in an assignment's own row
    Column("assignment", String(128), primary_key=True),
    Column("extension", Float),  # seconds; nbgrader's own column exists only after a submission
    Column("late", Boolean),  # as marked by the learning system, which gives no time
    Column("zone", String(64)),  # in which the due date was typed; nbgrader's column is in UTC
)
VALUES = ("extension", "late", "zone")
DAY_ALONE = re.compile(r"\s*(\d{4}-\d\d-\d\d)(?: ?([+-][\d:]+|[A-Za-z][\w/+-]*))?\s*", re.ASCII)
LAST_SECOND = "23:59:59"
FAR = 5000  # a year; two earlier times and an extension between them fit into a datetime
Extensions = dict[tuple[str, str], timedelta]  # by student and assignment


class DueDates(Configurable):
    """Due dates in nbgrader_config.py, by assignment."""

    of = Dict(Unicode(), help="'2026-11-20 23:59 Europe/Berlin', by assignment.").tag(config=True)


def read_due_dates(gradebook: Gradebook) -> dict[str, datetime | None]:
    """The gradebook's due dates by assignment, in UTC without tzinfo; None where there is none."""
    rows = gradebook.db.execute(select(Assignment.name, Assignment.duedate).order_by(Assignment.name))
    return dict(rows.all())


def configured_due_dates(config: Config) -> dict[str, datetime]:
    """The configuration's due dates by assignment, in UTC without tzinfo.

    Raises:
        UsageError: one of them is no time.
    """
    try:
        written = DueDates(config=config).of
    except TraitError as error:
        raise UsageError(f"nbgrader_config.py, c.DueDates: {error}") from error
    dates = {}
    for assignment, text in written.items():
        try:
            dates[assignment] = read_due_date(text)
        except UsageError as error:
            raise UsageError(f"nbgrader_config.py, c.DueDates.of, {assignment!r}: {error}") from error
    return dates


def apply_due_dates(gradebook: Gradebook, config: Config) -> None:
    """Write the configuration's due dates into the gradebook; within a transaction.

    Raises:
        UsageError: one of them is no time.
    """
    if configured := configured_due_dates(config):
        for row in gradebook.db.scalars(select(Assignment).where(Assignment.name.in_(configured))):
            if row.duedate != configured[row.name]:
                row.duedate = configured[row.name]


def read_due_date(text: str) -> datetime:
    """A time in UTC without tzinfo. The default zone is this machine's, the default time the day's end.

    Raises:
        UsageError: it is no time.
    """
    if day := DAY_ALONE.fullmatch(text):
        text = f"{day[1]} {LAST_SECOND} {day[2] or ''}".rstrip()
    try:
        when = read_timestamp(text.encode())
        if when.year < FAR and not zone_word(text):
            return when.astimezone().astimezone(UTC).replace(tzinfo=None)
    except (OddTimestampError, ValueError, OverflowError) as error:  # the last two: in the year 1
        raise UsageError(
            f"{text!r} is no time. Write 2026-11-20 23:59 or 2026-11-20 23:59 Europe/Berlin."
        ) from error
    if when.year >= FAR:
        raise UsageError(f"{text!r} is no time before the year {FAR}.")
    return when


def read_due_zones(gradebook: Gradebook, config: Config) -> dict[str, tzinfo]:
    """By assignment, the zone its due date was typed in; without one it is this machine's."""
    words = {name: zone for name, zone in TABLE.rows(gradebook, "assignment", "zone", student="") if zone}
    with suppress(TraitError):  # `configured_due_dates` reports it
        words |= DueDates(config=config).of
    return {assignment: zone for assignment, word in words.items() if (zone := zone_in(word))}


def write_zone(gradebook: Gradebook, assignment: str, word: str) -> None:
    """Store the zone of a due date as it was typed, or none; within a transaction."""
    _write(gradebook, "zone", {("", assignment): word or None})


def zone_in(text: str) -> tzinfo | None:
    """The zone named at the end of a time, as in `2026-11-20 23:59 Europe/Berlin`, or alone; None without one."""
    try:
        return zone_of(zone_word(text) or text)
    except ValueError:  # an offset of a day or more: `read_due_date` reports it
        return None


def shown_time(moment: datetime, zone: tzinfo | None = None) -> str:
    """A UTC time as every command shows it: in `zone` or this machine's zone, and in UTC."""
    local = moment.replace(tzinfo=UTC).astimezone(zone)
    if not local.utcoffset():
        return f"{moment:%Y-%m-%d %H:%M} UTC"
    return f"{local:%Y-%m-%d %H:%M %Z} ({moment:%Y-%m-%d %H:%M} UTC)"


def read_extensions(gradebook: Gradebook) -> Extensions:
    """Every extension, by student and assignment."""
    rows = TABLE.rows(gradebook, "student", "assignment", "extension")
    return {(who, name): timedelta(seconds=time) for who, name, time in rows if time is not None}


def extension_of(extensions: Extensions, student: str, assignment: str) -> timedelta | None:
    """A student's extension for an assignment, else the one for all assignments."""
    return extensions.get((student, assignment), extensions.get((student, ALL)))


def write_extensions(gradebook: Gradebook, extended: Mapping[tuple[str, str], timedelta | None]) -> None:
    """Give extensions, or remove them with None; within a transaction."""
    seconds = {who: None if time is None else time.total_seconds() for who, time in extended.items()}
    _write(gradebook, "extension", seconds)
    for (student, assignment), time in extended.items():
        if time is None:
            for submission, _, _ in gradebook.db.execute(_submissions({student}, assignment)):
                submission.extension = None


def put_on_submissions(
    gradebook: Gradebook, students: Collection[str] | None = None, assignment: str | None = None
) -> None:
    """Copy extensions to nbgrader's rows, for its penalties and formgrader; within a transaction.

    Other students keep the extensions that nbgrader's own functions gave. nbgrader cannot add an extension to
    a missing due date.
    """
    extensions = read_extensions(gradebook)
    extended = {who for who, _ in extensions if students is None or who in students}
    if not extended:
        return
    for submission, name, due in gradebook.db.execute(_submissions(extended, assignment or ALL)):
        time = extension_of(extensions, submission.student_id, name)
        if time is not None:
            submission.extension = time if due else None


def read_marks(gradebook: Gradebook, assignment: str) -> dict[str, bool]:
    """Whether the learning system marked a student's submission as late, for those it marks."""
    rows = TABLE.rows(gradebook, "student", "late", assignment=assignment)
    return {student: late for student, late in rows if late is not None}


def write_marks(gradebook: Gradebook, assignment: str, marks: Mapping[str, bool | None]) -> None:
    """Store late or not by student, None to forget; within a transaction."""
    _write(gradebook, "late", {(student, assignment): late for student, late in marks.items()})


def _write(gradebook: Gradebook, column: str, values: Mapping[tuple[str, str], Any]) -> None:
    names = ("student", "assignment", *VALUES)
    before = {row[:2]: row[2:] for row in TABLE.rows(gradebook, *names)} if values else {}
    nothing = (None,) * len(VALUES)
    rows = [
        dict(zip(names, (*who, *before.get(who, nothing)), strict=True)) | {column: value}
        for who, value in values.items()
    ]
    TABLE.remove(gradebook, rows)
    if told := [row for row in rows if any(row[name] is not None for name in VALUES)]:
        TABLE.put(gradebook, told)


def _submissions(students: Collection[str], assignment: str):
    """Submissions of these students, with the assignment's name and due date."""
    query = (
        select(SubmittedAssignment, Assignment.name, Assignment.duedate)
        .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
        .where(SubmittedAssignment.student_id.in_(students))
    )
    return query if assignment == ALL else query.where(Assignment.name == assignment)
