"""How long a submission may take: by its own time, not by the clock of a machine that others use, too."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass

CLOCK = 4  # times its limit a cell may take by the clock, whatever it does
LOOK_SECONDS = 0.25
WAITED = 0.1  # the share of its time from which on a submission was kept waiting


@dataclass(frozen=True)
class OwnTime:
    """Seconds that the processes of a run have computed so far, and waited for a processor."""

    cpu_seconds: float
    waited_seconds: float


class Patience:
    """A limit on own time: the processor time of all processes together, and the time in which none of them
    wanted a processor. Time in which they wanted one and had none does not count.

    The first moments, until the first look, count by the clock: few cells take longer.

    Args:
        seconds: of own time.
        last: the moment (of time.monotonic) at which the clock ends it at the latest.
    """

    def __init__(self, seconds: float, last: float = math.inf) -> None:
        self.seconds = seconds
        self.began = time.monotonic()
        self.last = min(last, self.began + CLOCK * seconds)
        self._between = min(LOOK_SECONDS, seconds / 2)
        self.next_look = min(self.last, self.began + self._between)
        self._first: tuple[float, OwnTime] | None = None
        self.over = False
        self._cpu = self._counted = self._waited = 0.0

    def is_over(self, use: OwnTime) -> bool:
        """Whether a run that has used so much until now has met the limit."""
        now = time.monotonic()
        if self._first is None:
            self._first = now, use
        then, first = self._first
        before = then - self.began
        self._cpu = before + use.cpu_seconds - first.cpu_seconds
        self._waited = use.waited_seconds - first.waited_seconds
        self._counted = max(self._cpu, now - self.began - self._waited)
        self.next_look = min(self.last, now + self._between)
        self.over = self._counted >= self.seconds or now >= self.last
        return self.over

    @property
    def starved(self) -> bool:
        """Whether it is over though the run has not computed for so long, and was kept waiting."""
        return self.over and kept_waiting(self._cpu, self._waited, self.seconds)


def kept_waiting(cpu_seconds: float, waited_seconds: float, limit: float) -> bool:
    """Whether a run that has met a limit in seconds might not have, had the machine been its own."""
    return cpu_seconds < (1 - WAITED) * limit and waited_seconds > WAITED * limit
