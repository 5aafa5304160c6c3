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
BUSY_SECONDS = 5  # at twice the limit; sooner, the further beyond it
SHORTEST_LOOK, LONGEST_LOOK = 0.05, 1.0  # seconds between two looks that say something about greed


@dataclass(frozen=True)
class Use:
    """What a submission's living processes use together."""

    threads: int = 0
    runnable: int = 0  # threads that compute or wait for a processor
    resident_bytes: int = 0
    cpu_seconds: float = 0.0
    processes: tuple[int, ...] = ()


def _stat(pid: int | str) -> list[bytes] | None:
    """The fields of /proc/PID/stat after the command's name; None where the process is gone."""
    try:
        with open(f"/proc/{pid}/stat", "rb") as file:
            return file.read().rpartition(b")")[2].split()
    except OSError:
        return None


class Waiting:
    """How long a submission's threads have waited for a processor, as the kernel counts it for each of them.

    A kernel without CONFIG_SCHED_INFO counts nothing: then there is no waiting.
    """

    def __init__(self) -> None:
        self.seconds = 0.0
        self._seen: dict[int, int] = {}

    def look(self, pid: int, stat: list[bytes]) -> int:
        """Add what a process's threads have waited since the last look; how many of them are runnable."""
        if stat[17] == b"1":
            self._add(pid, f"/proc/{pid}")
            return int(stat[0] == b"R")
        runnable = 0
        with contextlib.suppress(OSError):
            for name in os.listdir(f"/proc/{pid}/task"):
                thread = _stat(f"{pid}/task/{name}")
                runnable += bool(thread and thread[0] == b"R")
                self._add(int(name), f"/proc/{pid}/task/{name}")
        return runnable

    def _add(self, thread: int, folder: str) -> None:
        try:
            with open(f"{folder}/schedstat", "rb") as file:
                waited = int(file.read().split()[1])
        except (OSError, IndexError):
            return
        before = self._seen.get(thread, 0)
        self._seen[thread] = waited
        self.seconds += (
            waited - before if waited >= before else waited
        ) / 1e9  # a number may be another's now


class Greed:
    """Whether a submission keeps more threads busy than it may for longer than a moment.

    What is above the limit adds up, in seconds of threads, and what is below it is taken from the sum.
    """

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.sum = 0.0
        self.before = time.monotonic(), 0.0

    def is_shown(self, runnable: int, used: float) -> bool:
        """Take note of a look: runnable threads, and seconds computed and waited since the beginning."""
        now = time.monotonic()
        then, before = self.before
        since = now - then
        if since < SHORTEST_LOOK:
            return False
        self.before = now, used
        busy = max(runnable, (used - before) / since)
        self.sum = max(0.0, self.sum + (busy - self.limit) * min(since, LONGEST_LOOK))
        return self.sum > self.limit * BUSY_SECONDS


class Processes:
    """The processes that came from this one.

    `alone=True`: this process is the first of its own process namespace, all others in it are the
    submission's. Otherwise they are those whose line of parents leads here; this process must be a subreaper.
    """

    def __init__(self, alone: bool) -> None:
        self.alone = alone
        self.me = os.getpid()
        self.begin(1)

    def begin(self, busy_threads: int) -> None:
        """Forget the submission before; this one may keep so many threads busy."""
        self.reaped_cpu = 0.0
        self.waiting = Waiting()
        self.greed = Greed(busy_threads)

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
        threads, runnable, pages, ticks = 0, 0, 0, 0
        living = self.living(others)
        for pid, stat in living.items():
            threads += max(1, int(stat[17]))
            runnable += self.waiting.look(pid, stat)
            pages += int(stat[21])
            ticks += sum(map(int, stat[11:15]))
        return Use(threads, runnable, pages * PAGE, self.reaped_cpu + ticks / TICK, tuple(living))

    def greedy(self, use: Use) -> bool:
        """Whether the submission has kept too many threads busy, up to this look."""
        return self.greed.is_shown(use.runnable, use.cpu_seconds + self.waiting.seconds)

    def holds_more_than(self, limit: int, most: int) -> bool:
        """Whether they hold more than `limit` bytes, pages that several of them share counted once.

        Reading this takes milliseconds a process, so that it ends at once where there are more than `most`.
        """
        total = 0
        for pid, stat in self.living().items():
            try:
                with open(f"/proc/{pid}/smaps_rollup", "rb") as file:
                    line = re.search(rb"^Pss:\s+([0-9]+) kB", file.read(), re.MULTILINE)
                total += int(line[1]) * 1024 if line else 0
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
