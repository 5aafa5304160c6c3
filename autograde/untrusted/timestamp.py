"""`timestamp.txt`: the time of a submission, written by the collector.

Read by a pattern of our own. nbgrader's reader hands the last word to `dateutil`, which opens any path that
it names; it also takes an offset of +0100 for 100 seconds.
"""

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

MOST_BYTES = 1_000  # of the file: longer ones are not read
WRITTEN_TIME = re.compile(
    r"(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?))?(?: ?([+-][\d:]+|[A-Za-z][\w/+-]*))?",
    re.ASCII,
)
_zones = cache(available_timezones)
OFFSET = re.compile(r"([+-])(\d\d):?(\d\d)?", re.ASCII)


class OddTimestampError(ValueError):
    """A time that cannot be read."""


def read_timestamp(data: bytes, home: tzinfo = UTC) -> datetime:
    """The time in UTC, without tzinfo, as nbgrader keeps it.

    A date, a time and a zone: `UTC`, `+0100`, `Europe/Berlin`, or what `home`, the zone in which the course's
    exchange writes, calls itself at that time (`CEST`). Without a zone it is UTC.
    Raises:
        OddTimestampError: anything else.
    """
    try:
        parts = WRITTEN_TIME.fullmatch(data.decode("utf-8-sig").strip())
        if parts is None:
            raise OddTimestampError("not the form of a time")
        day, clock, zone = parts.groups()
        local = datetime.fromisoformat(f"{day}T{clock or '00:00'}")
        return _placed(local, zone or "UTC", home).astimezone(UTC).replace(tzinfo=None)
    except (ValueError, OverflowError) as error:
        raise OddTimestampError(str(error)) from error


def _placed(local: datetime, zone: str, home: tzinfo) -> datetime:
    """The time in the zone with this name."""
    for fold in (0, 1):  # when clocks are put back, an hour comes twice, under two names
        at_home = local.replace(tzinfo=home, fold=fold)
        if at_home.tzname() == zone:
            return at_home
    if other := zone_of(zone):
        return local.replace(tzinfo=other)
    raise OddTimestampError("an unknown time zone")


def zone_word(text: str) -> str:
    """The zone after a time, as it was written: `Europe/Berlin`; empty if none."""
    parts = WRITTEN_TIME.fullmatch(text.strip())
    return (parts[3] or "") if parts else ""


def zone_of(word: str) -> tzinfo | None:
    """The zone that a word after a time means: UTC, an offset, `+0100`, or a zone's name; None if it is none of them."""
    if word in ("UTC", "Z"):
        return UTC
    offset = OFFSET.fullmatch(word)
    if offset is None:
        return named_zone(word)
    sign, hours, minutes = offset.groups()
    east = timedelta(hours=int(hours), minutes=int(minutes or 0))
    return timezone(east if sign == "+" else -east)


def named_zone(name: str) -> tzinfo | None:
    """The zone with this name in the system's data, `Europe/Berlin`; None if there is none."""
    # Checked first: ZoneInfo opens a file of any name.
    return ZoneInfo(name) if name in _zones() else None
