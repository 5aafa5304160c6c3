"""What the kernel holds for a submission that is no process's memory: buffers of sockets, terminals, locks.

Nobody else counts it where there is no control group. Pipes are left out: the kernel gives a user's first
thousand 64 KiB each and the others 8, and the filter lets none grow.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable
from dataclasses import dataclass

MOST_TERMINALS = 16  # IPython takes one for each `!command`; the machine has a few thousand for everybody
MOST_LOCKS = 10_000  # on parts of files
LOCKS_READ = 2**20  # bytes; so many locks take more than half of it
BUFFER = "/proc/sys/net/core/wmem_default"
USUAL_BUFFER = 212_992
FULL = 2  # times its buffer that a socket may hold: the last message goes beyond it


@dataclass(frozen=True)
class HiddenUse:
    """Bytes that sockets may hold, and numbers of terminals and of locks."""

    socket_bytes: int = 0
    terminals: int = 0
    locks: int = 0


class Hidden:
    """Counts what a submission has made since this object was; `alone` as for `Processes`."""

    def __init__(self, alone: bool) -> None:
        self.alone = alone
        self.buffer = _buffer()
        self.before = (_sockets(), _terminals()) if alone else (0, 0)

    def use(self, processes: Iterable[int]) -> HiddenUse:
        """What there is now; `processes` are the submission's."""
        locks = _locks()
        if self.alone:
            sockets, terminals = _sockets() - self.before[0], _terminals() - self.before[1]
            return HiddenUse(sockets * FULL * self.buffer, terminals, sum(locks.values()))
        ours = set(processes)  # of a namespace that the whole machine shares; without terminals, see Landlock
        sockets = len(set().union(*map(_sockets_of, ours)))
        return HiddenUse(sockets * FULL * self.buffer, 0, sum(locks.get(pid, 0) for pid in ours))


def _buffer() -> int:
    with contextlib.suppress(OSError, ValueError), open(BUFFER, "rb") as file:
        return int(file.read())
    return USUAL_BUFFER


def _sockets() -> int:
    """Sockets of this network namespace, those on their way from one process to another included."""
    with open("/proc/net/unix", "rb") as file:
        return file.read().count(b"\n")


def _sockets_of(pid: int) -> set[str]:
    folder, found = f"/proc/{pid}/fd", set()
    with contextlib.suppress(OSError):
        for name in os.listdir(folder):
            with contextlib.suppress(OSError):
                found.add(os.readlink(f"{folder}/{name}"))
    return {target for target in found if target.startswith("socket:")}


def _terminals() -> int:
    return len(os.listdir("/dev/pts"))


def _locks() -> dict[int, int]:
    """Process → how many parts of files it has locked, of this process namespace."""
    found: dict[int, int] = {}
    with contextlib.suppress(OSError), open("/proc/locks", "rb") as file:
        for line in file.read(LOCKS_READ).splitlines():
            words = line.split()
            if len(words) > 4 and words[1] == b"POSIX" and words[4].isdigit():
                found[int(words[4])] = found.get(int(words[4]), 0) + 1
    return found
