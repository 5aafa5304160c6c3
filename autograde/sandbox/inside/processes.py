"""Counting and ending the processes of one submission, and counting what the kernel holds for it outside the
memory of processes: socket buffers, terminals, locks, epoll watches, files without a name.

Without a control group nothing else counts these. All processes of a user share a limit of watches: a submission
that takes them all ends other people's notebooks. Pipes are not counted: the kernel gives a user's first thousand
64 KiB each and the others 8, and the filter lets none grow.
"""

import os
import re
import signal
import time
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from typing import NamedTuple

PAGE = os.sysconf("SC_PAGE_SIZE")
TICK = os.sysconf("SC_CLK_TCK")
BUSY_SECONDS = 5  # at twice the limit; sooner, the further beyond it
SHORTEST_LOOK, LONGEST_LOOK = 0.05, 1.0  # minimum seconds between two looks at busy threads


class Use(NamedTuple):
    """The total use of a submission's living processes."""

    threads: int
    runnable: int  # threads that compute or wait for a processor
    resident_bytes: int
    cpu_seconds: float
    processes: tuple[int, ...]


def _read(path: str, most: int = -1) -> bytes:
    """A file of the kernel's; empty if it cannot be read, as when its process is gone."""
    with suppress(OSError), open(path, "rb") as file:
        return file.read(most)
    return b""


def _stat(pid: int | str) -> list[bytes]:
    """The fields of /proc/PID/stat after the command's name; none if the process is gone."""
    return _read(f"/proc/{pid}/stat").rpartition(b")")[2].split()


class WaitingTime:
    """The time that a submission's threads have waited for a processor, from the kernel's count.

    A kernel without CONFIG_SCHED_INFO counts nothing: then there is no waiting.
    """

    def __init__(self) -> None:
        self.seconds = 0.0
        self._seen: dict[str, int] = {}

    def look(self, pid: int) -> int:
        """Add the waiting time of a process's threads since the last look; returns how many are runnable."""
        runnable = 0
        with suppress(OSError):
            for thread in os.listdir(f"/proc/{pid}/task"):
                runnable += _stat(f"{pid}/task/{thread}")[:1] == [b"R"]
                with suppress(IndexError):
                    waited = int(_read(f"/proc/{pid}/task/{thread}/schedstat").split()[1])
                    before = self._seen.get(thread, 0)
                    self._seen[thread] = waited
                    # The thread id may have been reused.
                    self.seconds += (waited - before if waited >= before else waited) / 1e9
        return runnable


class BusyThreads:
    """Detects a submission that keeps more threads busy than allowed for longer than a moment.

    Thread seconds above the limit add up; those below it are subtracted.
    """

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.sum = 0.0
        self.before = time.monotonic(), 0.0

    def exceed_limit(self, runnable: int, used: float) -> bool:
        """Record a look: runnable threads, and seconds computed and waited since the beginning."""
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
    """The descendants of a process, by default of this one.

    `alone=True`: it is the first of its own process namespace, all others in it are the submission's. Otherwise
    they are those whose line of parents leads to it, which must be a subreaper.
    """

    def __init__(self, alone: bool, me: int = 0) -> None:
        self.alone = alone
        self.me = me or os.getpid()
        self.begin(1)

    def begin(self, busy_threads: int) -> None:
        """Reset for a new submission, which may keep so many threads busy."""
        self.reaped_cpu = 0.0
        self.waiting_time = WaitingTime()
        self.busy = BusyThreads(busy_threads)

    def others(self) -> list[int]:
        """All other processes; fast, but includes strangers in a shared namespace."""
        return [int(name) for name in os.listdir("/proc") if name.isdigit() and int(name) != self.me]

    def living(self, others: list[int] | None = None) -> dict[int, list[bytes]]:
        """pid → stat fields of every process of the submission, zombies included."""
        stats = {pid: stat for pid in (self.others() if others is None else others) if (stat := _stat(pid))}
        if self.alone:
            return stats
        parents = {pid: int(stat[1]) for pid, stat in stats.items()}

        def ours(pid: int) -> bool:
            for _ in parents:
                pid = parents.get(pid, 0)
                if pid in (0, self.me):
                    break
            return pid == self.me

        return {pid: stat for pid, stat in stats.items() if ours(pid)}

    def use(self, others: list[int]) -> Use:
        """Threads, resident memory and CPU time of the submission's processes, and CPU time of its dead ones."""
        threads = runnable = pages = ticks = 0
        living = self.living(others)
        for pid, stat in living.items():
            threads += max(1, int(stat[17]))
            runnable += self.waiting_time.look(pid)
            pages += int(stat[21])
            ticks += sum(map(int, stat[11:15]))
        return Use(threads, runnable, pages * PAGE, self.reaped_cpu + ticks / TICK, tuple(living))

    def is_too_busy(self, use: Use) -> bool:
        """Whether the submission has kept too many threads busy, up to this look."""
        return self.busy.exceed_limit(use.runnable, use.cpu_seconds + self.waiting_time.seconds)

    def holds_more_than(self, limit: int, most: int) -> bool:
        """Whether they hold more than `limit` bytes, counting shared pages once.

        Reading this takes milliseconds a process, so that it ends at once where there are more than `most`.
        """
        total = 0
        for pid, stat in self.living().items():
            try:
                with open(f"/proc/{pid}/smaps_rollup", "rb") as file:
                    line = re.search(rb"^Pss:\s+([0-9]+) kB", file.read(), re.MULTILINE)
                total += int(line[1]) * 1024 if line else 0
            except OSError:  # a process that hides its share is counted in full
                total += int(stat[21]) * PAGE
            if total > limit:
                return True
            # In a shared namespace the machine's own processes must not end the count.
            if len(self.others() if self.alone else self.living()) > most:
                return False
        return False

    def reap(self) -> dict[int, int]:
        """Collect the dead without waiting: pid → wait status."""
        dead = {}
        with suppress(ChildProcessError):  # there is none, dead or alive
            while (ended := os.wait4(-1, os.WNOHANG))[0]:
                pid, status, usage = ended
                dead[pid] = status
                self.reaped_cpu += usage.ru_utime + usage.ru_stime
        return dead

    def end_all(self) -> bool:
        """Kill every process, and collect this one's; False if one is still there after five seconds."""
        deadline = time.monotonic() + 5
        while True:
            for pid in [-1] if self.alone else self.living():  # -1: all but this one
                with suppress(ProcessLookupError, PermissionError):
                    os.kill(pid, signal.SIGKILL)
            if self.me == os.getpid():
                self.reap()
            if not self.living():
                return True
            if time.monotonic() > deadline:
                return False
            time.sleep(0.001)


MOST_TERMINALS = 16  # IPython takes one for each `!command`; the machine has a few thousand in all
MOST_LOCKS = 10_000  # on parts of files
MOST_WATCHES = 20_000  # of epoll; a notebook has a dozen for each of its processes
UNSEEN_WATCHES = 2_500  # assumed for a process that hides its open files
MOST_MAPPED = 16  # mapped files without a name, whose size is unknown
NAMELESS = " (deleted)"
LOCKS_READ = 2**20  # bytes; the largest number of locks takes more than half of it
BUFFER = "/proc/sys/net/core/wmem_default"
USUAL_BUFFER = 212_992
FULL = 2  # times its buffer that a socket may hold: the last message exceeds it


class KernelUse(NamedTuple):
    """Bytes that sockets may hold; numbers of terminals, locks and watches; bytes of open files without a name, and
    the number of such files mapped.
    """

    socket_bytes: int
    terminals: int
    locks: int
    watches: int
    nameless_bytes: int = 0
    nameless_mapped: int = 0


class KernelObjects:
    """Counts kernel objects that a submission has made since this counter was; `alone` as for `Processes`.

    Args:
        folder: where a submission may write.
    """

    def __init__(self, alone: bool, folder: str) -> None:
        self.alone = alone
        self.folder = f"{os.path.realpath(folder)}/"
        self.buffer = _buffer()
        if alone:
            self.before = _sockets(), _terminals()

    def use(self, processes: Iterable[int]) -> KernelUse:
        """The present use; `processes` are the submission's."""
        locks, opened = _locks(), {pid: _opened(pid) for pid in processes}
        watches = sum(_watches(pid, files) for pid, files in opened.items())
        if self.alone:
            sockets, terminals = _sockets() - self.before[0], _terminals() - self.before[1]
            return KernelUse(sockets * FULL * self.buffer, terminals, sum(locks.values()), watches)
        # In a namespace shared with the whole machine; terminals are left to Landlock.
        targets = {target for files in opened.values() for target in (files or {}).values()}
        sockets = sum(target.startswith("socket:") for target in targets)
        return KernelUse(
            sockets * FULL * self.buffer,
            0,
            sum(locks[pid] for pid in opened),
            watches,
            self._nameless_bytes(opened),
            len(set().union(*map(self._nameless_mapped, opened))),
        )

    def _nameless_bytes(self, opened: dict[int, dict[str, str] | None]) -> int:
        """Bytes of the folder's open files that were deleted or never had a name."""
        sizes = {}
        for files in opened.values():
            for path, target in (files or {}).items():
                if target.startswith(self.folder) and target.endswith(NAMELESS):
                    with suppress(OSError):
                        status = os.stat(path)
                        sizes[status.st_dev, status.st_ino] = status.st_blocks * 512
        return sum(sizes.values())

    def _nameless_mapped(self, pid: int) -> set[bytes]:
        """Mapped files without a name, by device and inode."""
        with suppress(OSError), open(f"/proc/{pid}/maps", "rb") as file:
            lines = [line.split(maxsplit=5) for line in file if line.endswith(f"{NAMELESS}\n".encode())]
            folder = self.folder.encode()
            return {b" ".join(words[3:5]) for words in lines if words[5].startswith(folder)}
        return set()


def _buffer() -> int:
    with suppress(ValueError):
        return int(_read(BUFFER))
    return USUAL_BUFFER


def _sockets() -> int:
    """Sockets of this network namespace, including those in transit between processes."""
    with open("/proc/net/unix", "rb") as file:
        return file.read().count(b"\n")


def _opened(pid: int) -> dict[str, str] | None:
    """A process's open files: path in /proc → target. None if /proc denies access.

    The kernel refuses this for a process that has ended and waits for its parent, too: that holds nothing.
    """
    opened = {}
    try:
        for entry in os.scandir(f"/proc/{pid}/fd"):
            with suppress(OSError):
                opened[entry.path] = os.readlink(entry.path)
    except PermissionError:
        return {} if _has_ended(pid) else None
    except OSError:  # not waited for
        pass
    return opened


def _has_ended(pid: int) -> bool:
    """Whether a process has no memory left, which none can give up while it runs."""
    return _read(f"/proc/{pid}/statm").partition(b" ")[0] in (b"", b"0")


def _watches(pid: int, opened: dict[str, str] | None) -> int:
    """The number of descriptors that a process watches with epoll."""
    if opened is None:
        return UNSEEN_WATCHES
    count = 0
    for path, target in opened.items():
        if target == "anon_inode:[eventpoll]":
            count += _read(f"/proc/{pid}/fdinfo/{path.rpartition('/')[2]}").count(b"tfd:")
    return count


def _terminals() -> int:
    return len(os.listdir("/dev/pts"))


def _locks() -> Counter[int]:
    """Process → number of file ranges it has locked, in this process namespace."""
    locks = Counter()
    for line in _read("/proc/locks", LOCKS_READ).splitlines():
        words = line.split()
        if len(words) > 4 and words[1] == b"POSIX" and words[4].isdigit():
            locks[int(words[4])] += 1
    return locks
