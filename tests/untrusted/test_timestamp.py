"""A submission's timestamp.txt: what nbgrader writes is read, anything else refused, and no path opened."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from nbgrader.exchange import ExchangeSubmit
from nbgrader.utils import parse_utc

from autograde.untrusted.timestamp import OddTimestampError, named_zone, read_timestamp
from untrusted.junk import ANY_TEXT, cut_or_changed, thousands
from untrusted.watching import watched

FORMAT = ExchangeSubmit.timestamp_format.default_value
ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Asia/Tokyo", "America/Sao_Paulo")
WINTER = datetime(2026, 1, 12, 14, 30, 5, 123456, UTC)


def comes_back(when, zone):
    """Whether the moment is read that nbgrader's exchange writes in this zone."""
    home = ZoneInfo(zone)
    written = when.astimezone(home).strftime(FORMAT).encode()
    return read_timestamp(written, home) == when.replace(tzinfo=None)


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("when", [WINTER, WINTER.replace(month=7)])
def test_what_nbgraders_exchange_writes_comes_back_whatever_its_zone(zone, when):
    assert comes_back(when, zone)


@pytest.mark.parametrize("hour", [0, 1])
def test_the_hour_that_comes_twice_is_told_apart_by_the_zones_name(hour):
    assert comes_back(datetime(2026, 10, 25, hour, 30, tzinfo=UTC), "Europe/Berlin")


AS_NBGRADER_READS = (
    "2026-11-12 14:00:00 UTC",
    "2026-11-12 14:00:00.123456 UTC\n",
    "2026-11-12 14:00:00 Europe/Berlin",
    "2026-11-12 14:00:00 EST",
    "2026-11-12 14:00:00",  # as zip_collect writes it
    "2026-11-12 14:00:00.5",
    "2026-11-12T14:00:00Z",
    "2026-11-12T14:00:00+01:00",
    "2026-11-12 14:00",
    "2026-11-12",
)


@pytest.mark.parametrize("text", AS_NBGRADER_READS)
def test_other_ways_to_write_it_are_read_as_nbgrader_reads_them(text):
    assert read_timestamp(text.encode()) == parse_utc(text)


@pytest.mark.parametrize(
    ("offset", "hours"), [("+0100", 1), ("-0730", -7.5), ("+05:45", 5.75), ("-03", -3), ("+00", 0)]
)
def test_an_offset_is_hours_and_minutes(offset, hours):
    noon = datetime(2026, 11, 12, 12)
    assert read_timestamp(f"2026-11-12 12:00:00 {offset}".encode()) == noon - timedelta(hours=hours)


def test_a_byte_order_mark_is_no_part_of_it():
    assert read_timestamp(b"\xef\xbb\xbf2026-11-12 12:00 UTC") == datetime(2026, 11, 12, 12)


ODD = {
    "nothing": "",
    "words": "yesterday-ish",
    "a path": "2026-11-01 10:00:00 /etc/localtime",
    "a path from here": "2026-11-01 10:00:00 ../../etc/localtime",
    "a file beside the zones": "2026-11-01 10:00:00 tzdata.zi",
    "a folder of zones": "2026-11-01 10:00:00 Europe",
    "a rule for a zone": "2026-11-01 10:00:00 EST5EDT4,M3.2.0,M11.1.0",
    "many digits": "T23:" + "5" * 44,
    "digits of another script": "٣ W53 ..",
    "a date of another script": "٢٠٢٦-11-01 10:00:00 UTC",
    "a day that is none": "2026-02-30 10:00:00 UTC",
    "an hour that is none": "2026-11-01 25:00:00 UTC",
    "an offset that is none": "2026-11-01 10:00:00 +99:99",
    "before the first year": "0001-01-01 00:00:00 +01:00",
    "after the last year": "9999-12-31 23:59:59 -01:00",
    "a zone nobody knows": "2026-11-01 10:00:00 XYZ",
    "two lines": "2026-11-01 10:00:00 UTC\n2026-11-02 10:00:00 UTC",
    "long": "2026-11-01 10:00:00 UTC" + " " * 2_000 + "x",
}


@pytest.mark.parametrize("text", ODD.values(), ids=ODD)
def test_anything_else_is_refused_and_nothing_is_opened(text):
    with watched() as opened, pytest.raises(OddTimestampError):
        read_timestamp(text.encode())
    assert opened == []


def test_a_path_that_exists_is_not_opened_though_nbgraders_reader_opens_it(tmp_path):
    trap = tmp_path / "trap"
    trap.write_bytes(b"TZif2" + bytes(200))
    text = f"2026-11-01 10:00:00 {trap}"
    with watched() as opened, suppress(ValueError):
        parse_utc(text)
    assert opened == [str(trap)]
    with watched() as opened, pytest.raises(OddTimestampError):
        read_timestamp(text.encode())
    assert opened == []


def test_a_zone_is_asked_for_by_its_full_name():
    assert named_zone("Europe/Berlin") == ZoneInfo("Europe/Berlin")
    assert named_zone("/usr/share/zoneinfo/Europe/Berlin") is None
    assert named_zone("Europe/../Europe/Berlin") is None


TIMES = st.datetimes(timezones=st.timezones()).map(lambda when: when.strftime("%Y-%m-%d %H:%M:%S.%f %Z"))
MUTATED = st.sampled_from(AS_NBGRADER_READS).flatmap(lambda text: cut_or_changed(text.encode()))
WITH_A_WORD = ANY_TEXT.map(lambda word: f"2026-11-01 10:00:00 {word}".encode("utf-8", "surrogatepass"))


@thousands
@given(data=MUTATED | WITH_A_WORD | TIMES.map(str.encode) | st.binary(max_size=30))
@example(data=b"2026-11-01 10:00:00 UTC\xff")
def test_any_bytes_are_a_time_or_odd_and_open_nothing(data):
    with watched() as opened, suppress(OddTimestampError):
        assert read_timestamp(data).tzinfo is None
    assert opened == []
