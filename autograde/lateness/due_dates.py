"""When assignments are due: nbgrader's own column, from a command or from the course's configuration.

    c.DueDates.of = {"06-adam": "2026-11-20 23:59 Europe/Berlin"}

Where the configuration names an assignment, it is the one place that says so.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, tzinfo

from nbgrader.api import Assignment, Gradebook
from sqlalchemy import select
from traitlets import Dict, TraitError, Unicode
from traitlets.config import Config, Configurable

from autograde.errors import UsageError
from autograde.lateness.zones import read_zones
from autograde.untrusted.timestamp import OddTimestampError, read_timestamp, zone_of, zone_word
from descentlab.sentences import say

DAY_ALONE = re.compile(r"\s*(\d{4}-\d\d-\d\d)(?: ?([+-][\d:]+|[A-Za-z][\w/+-]*))?\s*", re.ASCII)
LAST_SECOND = "23:59:59"
FAR = 9000  # a year: to what lies before it any extension can be added


class DueDates(Configurable):
    """Due dates in nbgrader_config.py, by assignment."""

    of = Dict(Unicode(), help="'2026-11-20 23:59 Europe/Berlin', by assignment.").tag(config=True)


def read_due_dates(gradebook: Gradebook) -> dict[str, datetime | None]:
    """By assignment, in UTC without tzinfo, as nbgrader keeps it; None where it is never due."""
    rows = gradebook.db.execute(select(Assignment.name, Assignment.duedate).order_by(Assignment.name))
    return dict(rows.all())


def configured_due_dates(config: Config) -> dict[str, datetime]:
    """What the course's configuration says, in UTC without tzinfo.

    Raises:
        UsageError: something there is no time.
    """
    dates = {}
    try:
        written = DueDates(config=config).of
    except TraitError as error:
        raise UsageError.say("nbgrader_config.py, c.DueDates: {reason}", reason=error) from error
    for assignment, text in written.items():
        try:
            dates[assignment] = read_due_date(text)
        except UsageError as error:
            raise UsageError.say(
                "nbgrader_config.py, c.DueDates.of, {assignment!r}: {reason}",
                assignment=assignment,
                reason=error,
            ) from error
    return dates


def read_due_date(text: str) -> datetime:
    """A time in UTC without tzinfo; without a zone it is this machine's, without a time the day's end.

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
        raise UsageError.say(
            "{text!r} is no time. Write 2026-11-20 23:59 or 2026-11-20 23:59 Europe/Berlin.", text=text
        ) from error
    if when.year >= FAR:
        raise UsageError.say("{text!r} is no time before the year {year}.", text=text, year=FAR)
    return when


def read_due_zones(gradebook: Gradebook, config: Config) -> dict[str, tzinfo]:
    """By assignment, the zone in which its due date was typed; without one it is this machine's."""
    try:
        written = DueDates(config=config).of
    except TraitError:  # `configured_due_dates` says so
        written = {}
    typed = {assignment: zone_in(text) for assignment, text in written.items()}
    return {
        assignment: zone for assignment, zone in (read_zones(gradebook) | typed).items() if zone is not None
    }


def zone_in(text: str) -> tzinfo | None:
    """The zone that a time names, `2026-11-20 23:59 Europe/Berlin`; None where it names none of them."""
    try:
        return zone_of(zone_word(text))
    except ValueError:  # an offset of a day or more: `read_due_date` says so
        return None


def seconds_late(when: datetime | None, due: datetime | None, extension: timedelta | None) -> float:
    """How long after it was due; 0 where it was in time or one of the times is not known."""
    if when is None or due is None:
        return 0.0
    return max(0.0, (when - due - (extension or timedelta())).total_seconds())


def apply_due_dates(gradebook: Gradebook, config: Config) -> None:
    """Let nbgrader's rows say what the configuration says; within the transaction that runs.

    Raises:
        UsageError: something in the configuration is no time.
    """
    configured = configured_due_dates(config)
    if not configured:
        return
    for assignment in gradebook.db.scalars(select(Assignment).where(Assignment.name.in_(configured))):
        if assignment.duedate != configured[assignment.name]:
            assignment.duedate = configured[assignment.name]


def shown_time(moment: datetime, zone: tzinfo | None = None) -> str:
    """A time of nbgrader's in `zone`, or in this machine's, with the zone's name, and in UTC: in one way for
    every command.
    """
    local = moment.replace(tzinfo=UTC).astimezone(zone)
    if not local.utcoffset():
        return f"{moment:%Y-%m-%d %H:%M} UTC"
    return say("{local} ({utc} UTC)", local=f"{local:%Y-%m-%d %H:%M %Z}", utc=f"{moment:%Y-%m-%d %H:%M}")
