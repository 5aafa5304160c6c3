"""Dates, times and durations, without time zones."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

from verdicts.values.kind import NotCarriedError
from verdicts.values.strings import Pieces

MICROSECOND = timedelta(microseconds=1)


def _without_zone(write: Callable[[Any], str]) -> Callable[[Any], str]:
    def written(value: Any) -> str:
        if value.tzinfo is not None:
            raise NotCarriedError(" with a time zone")
        return write(value)

    return written


Pieces("date", date, write=date.isoformat, read=date.fromisoformat)
Pieces("datetime", datetime, write=_without_zone(datetime.isoformat), read=datetime.fromisoformat)
Pieces("time", time, write=_without_zone(time.isoformat), read=time.fromisoformat)
Pieces(
    "timedelta",
    timedelta,
    write=lambda value: f"{value // MICROSECOND}",
    read=lambda text: int(text) * MICROSECOND,
)
