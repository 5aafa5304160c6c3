"""Counting and ending the processes of one submission, from the process that forked them."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import time
from dataclasses import dataclass

PAGE = os.sysconf("SC_PAGE_SIZE")
TICK = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Use:
    """What a submission's living processes use together."""

    threads: int = 0
    resident_bytes: int = 0
    cpu_seconds: float = 0.0


def _stat(pid: int) -> list[bytes] | None:
    """The fields of /proc/PID/stat after the command's name; None where the process is gone."""
    try:
        with open(f"/proc/{pid}/stat", "rb") as file:
            return file.read().rpartition(b")")[2].split()
    except OSError:
        return None


class Processes:
    """The processes that came from this one.

    `alone=True`: this process is the first of its own process namespace, all others in it are the
    submission's. Otherwise they are those whose line of parents leads here; this process must be a subreaper.
    """

    def __init__(self, alone: bool) -> None:
        self.alone = alone
        self.me = os.getpid()
        self.reaped_cpu = 0.0

    def others(self) -> list[int]:
        """The processes there are but this one; quick, and with strangers where this namespace is shared."""
        return [int(name) for name in os.listdir("/proc") if name.isdigit() and int(name) != self.me]

    def living(self, others: list[int] | None = None) -> dict[int, list[bytes]]:
        """pid → stat fields of every process of the submission, zombies included."""
        stats = {pid: stat for pid in (self.others() if others is None else others) if (stat := _stat(pid))}
        if self.alone:
            return stats
        parents = {pid: int(stat[1]) for pid, stat in stats.items()}

        def ours(pid: int) -> bool:
            for _ in range(len(parents)):
                pid = parents.get(pid, 0)
                if pid == self.me:
                    return True
                if pid == 0:
                    return False
            return False

        return {pid: stat for pid, stat in stats.items() if ours(pid)}

    def use(self, others: list[int]) -> Use:
        """Threads, resident memory and CPU time of those that are the submission's, and of its dead."""
        threads, pages, ticks = 0, 0, 0
        for stat in self.living(others).values():
            threads += max(1, int(stat[17]))
            pages += int(stat[21])
            ticks += sum(map(int, stat[11:15]))
        return Use(threads, pages * PAGE, self.reaped_cpu + ticks / TICK)

    def holds_more_than(self, limit: int, most: int) -> bool:
        """Whether they hold more than `limit` bytes, pages that several of them share counted once.

        Reading this takes milliseconds a process, so that it ends at once where there are more than `most`.
        """
        total = 0
        for pid, stat in self.living().items():
            try:
                with open(f"/proc/{pid}/smaps_rollup", "rb") as file:
                    found = re.search(rb"^Pss:\s+([0-9]+) kB", file.read(), re.MULTILINE)
                total += int(found[1]) * 1024 if found else 0
            except OSError:  # a process that hides its share is taken at its full size
                total += int(stat[21]) * PAGE
            if total > limit:
                return True
            if len(self.others() if self.alone else self.living()) > most:
                return False
        return False

    def reap(self) -> dict[int, int]:
        """Collect the dead without waiting: pid → wait status."""
        dead = {}
        while True:
            try:
                pid, status, usage = os.wait4(-1, os.WNOHANG)
            except ChildProcessError:
                return dead
            if pid == 0:
                return dead
            dead[pid] = status
            self.reaped_cpu += usage.ru_utime + usage.ru_stime

    def end_all(self, seconds: float = 5.0) -> bool:
        """Kill and collect every process; False where one is still there after `seconds`."""
        deadline = time.monotonic() + seconds
        while True:
            if self.alone:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(-1, signal.SIGKILL)
            else:
                for pid in self.living():
                    with contextlib.suppress(ProcessLookupError, PermissionError):
                        os.kill(pid, signal.SIGKILL)
            self.reap()
            if not self.living():
                return True
            if time.monotonic() > deadline:
                return False
            time.sleep(0.001)
