"""What the kernel holds for a submission that is no process's memory: buffers of sockets, terminals, locks,
watches of epoll, and on a disk that others use too files without a name.

Nobody else counts it where there is no control group. All processes of a user may have so many watches
together: whoever takes them all ends other people's notebooks. Pipes are left out: the kernel gives a user's
first thousand 64 KiB each and the others 8, and the filter lets none grow.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable
from dataclasses import dataclass

MOST_TERMINALS = 16  # IPython takes one for each `!command`; the machine has a few thousand for everybody
MOST_LOCKS = 10_000  # on parts of files
MOST_WATCHES = 20_000  # of epoll; a notebook has a dozen for each of its processes
UNSEEN_WATCHES = 2_500  # of a process that hides what it has opened
MOST_MAPPED = 16  # files without a name, mapped: of what size cannot be seen
NAMELESS = " (deleted)"
LOCKS_READ = 2**20  # bytes; so many locks take more than half of it
BUFFER = "/proc/sys/net/core/wmem_default"
USUAL_BUFFER = 212_992
FULL = 2  # times its buffer that a socket may hold: the last message goes beyond it


@dataclass(frozen=True)
class HiddenUse:
    """Bytes that sockets may hold; numbers of terminals, of locks, of watches; bytes of files that are open
    and have no name, and how many files without a name are mapped."""

    socket_bytes: int = 0
    terminals: int = 0
    locks: int = 0
    watches: int = 0
    nameless_bytes: int = 0
    nameless_mapped: int = 0


class Hidden:
    """Counts what a submission has made since this object was; `alone` as for `Processes`.

    Args:
        folder: where a submission may write.
    """

    def __init__(self, alone: bool, folder: str) -> None:
        self.alone = alone
        self.folder = f"{os.path.realpath(folder)}/"
        self.buffer = _buffer()
        self.before = (_sockets(), _terminals()) if alone else (0, 0)

    def use(self, processes: Iterable[int]) -> HiddenUse:
        """What there is now; `processes` are the submission's."""
        locks, opened = _locks(), {pid: _opened(pid) for pid in processes}
        watches = sum(_watches(pid, files) for pid, files in opened.items())
        if self.alone:
            sockets, terminals = _sockets() - self.before[0], _terminals() - self.before[1]
            return HiddenUse(sockets * FULL * self.buffer, terminals, sum(locks.values()), watches)
        # Of a namespace that the whole machine shares; without terminals, see Landlock.
        targets = {target for files in opened.values() for target in (files or {}).values()}
        sockets = sum(target.startswith("socket:") for target in targets)
        return HiddenUse(
            sockets * FULL * self.buffer,
            0,
            sum(locks.get(pid, 0) for pid in opened),
            watches,
            self._nameless_bytes(opened),
            len(set().union(*map(self._nameless_mapped, opened))),
        )

    def _nameless_bytes(self, opened: dict[int, dict[str, str] | None]) -> int:
        """What files of the folder hold that are open and have no name any more, or never had one."""
        sizes: dict[tuple[int, int], int] = {}
        for files in opened.values():
            for path, target in (files or {}).items():
                if target.startswith(self.folder) and target.endswith(NAMELESS):
                    with contextlib.suppress(OSError):
                        status = os.stat(path)
                        sizes[status.st_dev, status.st_ino] = status.st_blocks * 512
        return sum(sizes.values())

    def _nameless_mapped(self, pid: int) -> set[bytes]:
        """Those that are mapped, by device and number."""
        with contextlib.suppress(OSError), open(f"/proc/{pid}/maps", "rb") as file:
            lines = [line.split(maxsplit=5) for line in file if line.endswith(f"{NAMELESS}\n".encode())]
            folder = self.folder.encode()
            return {b" ".join(words[3:5]) for words in lines if words[5].startswith(folder)}
        return set()


def _buffer() -> int:
    with contextlib.suppress(OSError, ValueError), open(BUFFER, "rb") as file:
        return int(file.read())
    return USUAL_BUFFER


def _sockets() -> int:
    """Sockets of this network namespace, those on their way from one process to another included."""
    with open("/proc/net/unix", "rb") as file:
        return file.read().count(b"\n")


def _opened(pid: int) -> dict[str, str] | None:
    """What a process has opened: a descriptor's place in /proc → what it leads to. None where it hides it.

    The kernel refuses this for a process that has ended and waits for its parent, too: that holds nothing.
    """
    folder, opened = f"/proc/{pid}/fd", {}
    try:
        for name in os.listdir(folder):
            with contextlib.suppress(OSError):
                opened[f"{folder}/{name}"] = os.readlink(f"{folder}/{name}")
    except PermissionError:
        return {} if _has_ended(pid) else None
    except OSError:  # nobody waits for it
        pass
    return opened


def _has_ended(pid: int) -> bool:
    """Whether a process has no memory left, which none can give up while it runs."""
    with contextlib.suppress(OSError), open(f"/proc/{pid}/statm", "rb") as file:
        return file.read().startswith(b"0 ")
    return True


def _watches(pid: int, opened: dict[str, str] | None) -> int:
    """How many descriptors a process has epoll watch."""
    if opened is None:
        return UNSEEN_WATCHES
    count = 0
    for path, target in opened.items():
        if target == "anon_inode:[eventpoll]":
            with (
                contextlib.suppress(OSError),
                open(f"/proc/{pid}/fdinfo/{path.rpartition('/')[2]}", "rb") as file,
            ):
                count += file.read().count(b"tfd:")
    return count


def _terminals() -> int:
    return len(os.listdir("/dev/pts"))


def _locks() -> dict[int, int]:
    """Process → how many parts of files it has locked, of this process namespace."""
    locks: dict[int, int] = {}
    with contextlib.suppress(OSError), open("/proc/locks", "rb") as file:
        for line in file.read(LOCKS_READ).splitlines():
            words = line.split()
            if len(words) > 4 and words[1] == b"POSIX" and words[4].isdigit():
                locks[int(words[4])] = locks.get(int(words[4]), 0) + 1
    return locks
