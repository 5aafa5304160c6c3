"""One forked child that searches, so that no change of a student's code can do harm.

What it has open leads to nowhere but for its pipe, its memory maps are its own, and it opens nothing for writing; code in
C neither, where Linux has Landlock. Time and memory are limited, and it sends back lines of text only. A child that hangs or
dies costs those that it has not sent.
"""

import _posixshmem
import builtins
import ctypes
import gc
import mmap
import os
import re
import resource
import select
import signal
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from IPython import get_ipython

from verdicts.judging.examiners import Units
from verdicts.repair.changes import CHANGE_KINDS
from verdicts.repair.search import Found, search
from verdicts.repair.source import AnswerCode

WALL_SECONDS = 60.0
"""For a change that waits. All other limits are counts and processor time: on a busy machine a search takes longer."""
MOST_CPU_SECONDS = 8
"""For code that Python cannot interrupt."""
CHANGE_SECONDS = 0.03
"""Of processor time for one change of the code."""
MORE_BYTES = 400 << 20
"""Memory that the child may take beyond the kernel's."""
END_WITH_PARENT = 1
"""Linux's number of PR_SET_PDEATHSIG."""
PROTECTION = mmap.PROT_READ | mmap.PROT_WRITE
MAP_FIXED = 0x10
"""Of mmap in Linux: in the place of what is there."""
REFUSED = re.compile(
    r"os\.(?!(listdir|scandir)$)"
    r"|(mmap|socket|subprocess|shutil|ctypes|tempfile|urllib|webbrowser|winreg|sqlite3|syslog|resource)\."
)
"""Events of the audit hook; an import may list folders."""
RULESET, RESTRICT, NO_NEW_PRIVILEGES = 444, 446, 38
"""Linux's numbers of landlock_create_ruleset and landlock_restrict_self, and of an option of prctl."""
NEW_RIGHTS = ((1, (1 << 13) - 1 - 0b1100), (2, 1 << 13), (3, 1 << 14), (4, 0b11 << 64), (6, 0b11 << 128))
"""What Landlock can refuse, by its version: all but reading, moving, truncating; connections; signals to others."""
UNSEEN = (os.mkfifo, os.mknod, _posixshmem.shm_open, _posixshmem.shm_unlink)
"""What no audit hook sees; `input`, which waits for an answer, is refused with them."""
READING = os.O_RDONLY | os.O_CLOEXEC | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_NONBLOCK", 0)


Tell = Callable[[str], None]
"""Sends a line."""


class SlowChangeError(BaseException):
    """A change takes longer than it may."""


class Child:
    """A copy of this process, made now, that does some work when it is told to, and sends lines."""

    def __init__(self, work: Callable[[Tell], None], names: dict[str, Any]) -> None:
        """Fork.

        Args:
            work: gets what sends a line.
            names: those of the notebook, in which what no audit hook sees is replaced.

        Raises:
            OSError: no process is left.
        """
        (self._reading, sending), (waiting, self._telling) = os.pipe(), os.pipe()
        parent = os.getpid()
        with warnings.catch_warnings():
            # Of other threads, which the child does not need.
            warnings.simplefilter("ignore", DeprecationWarning)
            try:
                self.number = os.fork()
            except OSError:
                for descriptor in (self._reading, sending, waiting, self._telling):
                    os.close(descriptor)
                raise
        if self.number == 0:
            _work(work, names, parent, waiting, sending)
        os.close(sending)
        os.close(waiting)

    def lines(self) -> Iterator[str]:
        """Let it begin, and yield the whole lines that it sends before it ends or its time is over."""
        os.write(self._telling, b"x")
        until, text = time.monotonic() + WALL_SECONDS, b""
        while select.select([self._reading], [], [], max(0.0, until - time.monotonic()))[0]:
            if not (read := os.read(self._reading, 1 << 16)):
                return
            *lines, text = (text + read).split(b"\n")
            yield from (line.decode(errors="replace") for line in lines)

    def stop(self) -> None:
        """Kill it; `lines` ends."""
        with suppress(ProcessLookupError):  # a student's own code waited for it
            os.kill(self.number, signal.SIGKILL)

    def end(self) -> None:
        """Kill it, and leave nothing."""
        for descriptor in (self._reading, self._telling):
            os.close(descriptor)
        self.stop()
        with suppress(ChildProcessError):
            os.waitpid(self.number, 0)


def _work(
    work: Callable[[Tell], None], names: dict[str, Any], parent: int, waiting: int, sending: int
) -> None:
    """The child: wait, work, end."""
    try:
        out = os.fdopen(sending, "w", encoding="utf-8")
        _confine(names, waiting, sending)
        if os.getppid() == parent and os.read(waiting, 1):
            signal.alarm(int(WALL_SECONDS) + 1)  # should the kernel end, where Linux does not end the child
            work(lambda line: print(line, file=out, flush=True))
    finally:
        os._exit(0)


def seek(name: str, code: AnswerCode, tell: Callable[[Found], None]) -> None:
    """Search in this process, which must be a child."""
    with suppress(Exception):
        search(name, code, tell, _Watch().limited, (*CHANGE_KINDS, ("lent", code.borrow)))


def _confine(names: dict[str, Any], *used: int) -> None:
    os.setpgid(0, 0)  # an interrupt is for the cell that runs
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(END_WITH_PARENT, signal.SIGKILL, 0, 0, 0)
        with suppress(OSError):  # where memory runs out, the kernel is to stay
            Path("/proc/self/oom_score_adj").write_text("1000")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in {0, 1, 2, *map(int, os.listdir("/dev/fd"))} - {*used, nowhere}:
        with suppress(OSError):  # the one that listed them
            os.dup2(nowhere, descriptor)
    sys.stdout = sys.stderr = os.fdopen(nowhere, "w")
    gc.disable()  # nothing of the kernel's is to be ended here
    if kernel := getattr(get_ipython(), "kernel", None):
        kernel.session.send = lambda *message, **options: None
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_CPU_SECONDS, MOST_CPU_SECONDS))
    if sys.platform == "linux":
        pages = int(Path("/proc/self/statm").read_text().split()[0])
        most = pages * resource.getpagesize() + MORE_BYTES
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
    _own_maps()
    unseen = (*UNSEEN, input)  # a notebook has another in each cell
    for known in (vars(os), vars(_posixshmem), vars(builtins), names):
        known.update({name: _refused for name, value in known.items() if any(value is one for one in unseen)})
    _only_read()
    sys.addaudithook(_refuse)


def _only_read() -> None:
    """Have the kernel refuse what no audit hook sees, where it can: libraries in C that write, remove or start files."""
    system = ctypes.CDLL(None)
    if sys.platform != "linux" or (version := system.syscall(RULESET, None, ctypes.c_size_t(0), 1)) < 1:
        return
    refused = sum(rights for since, rights in NEW_RIGHTS if since <= version).to_bytes(24, sys.byteorder)
    rules = system.syscall(RULESET, refused, ctypes.c_size_t(24), 0)
    system.prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    if rules < 0 or system.syscall(RESTRICT, rules, 0):
        raise LookupError


def _own_maps() -> None:
    """Put a private map in the place of each one that other processes see.

    Raises:
        LookupError: one cannot be replaced, or the system lists no maps and there are some.
    """
    if sys.platform != "linux":
        if any(isinstance(one, mmap.mmap) for one in gc.get_objects()):
            raise LookupError
        return
    system = ctypes.CDLL(None)
    system.mmap.restype = ctypes.c_void_p
    system.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, *[ctypes.c_int] * 3, ctypes.c_long]
    for row in Path("/proc/self/maps").read_text().splitlines():
        span, rights, offset, _, _, *name = row.split(maxsplit=5)
        if not rights.endswith("s") or "w" not in rights:
            continue
        begin, end = (int(place, 16) for place in span.split("-"))
        kept, kind, file = b"", mmap.MAP_PRIVATE | MAP_FIXED, -1
        if name[0].endswith("(deleted)"):  # it has no name any more
            kept, kind = ctypes.string_at(begin, end - begin), kind | mmap.MAP_ANONYMOUS
        else:
            file = os.open(name[0], os.O_RDONLY)
        if system.mmap(begin, end - begin, PROTECTION, kind, file, int(offset, 16)) != begin:
            raise LookupError(row)
        ctypes.memmove(begin, kept, len(kept))


def _refuse(event: str, arguments: tuple[Any, ...]) -> None:
    if REFUSED.match(event) or (event == "open" and not _reads(*arguments)):
        raise PermissionError(event)


def _refused(*arguments: Any, **options: Any) -> None:
    raise PermissionError


def _reads(path: Any, mode: Any, flags: Any) -> bool:
    return isinstance(path, str | bytes | os.PathLike) and not (isinstance(flags, int) and flags & ~READING)


class _Watch:
    """Ends a change that still runs at the second of two ticks of a timer."""

    def __init__(self) -> None:
        self.running, self.seen, self.has_ended_it = 0, 0, False
        signal.signal(signal.SIGVTALRM, self.tick)
        signal.setitimer(signal.ITIMER_VIRTUAL, CHANGE_SECONDS, CHANGE_SECONDS)

    def tick(self, number: int, frame: Any) -> None:
        if self.running and self.running == self.seen:
            self.has_ended_it = True  # which the answer's own code may catch
            raise SlowChangeError
        self.seen = self.running

    def limited(self, run: Callable[[], Units], number: int) -> Units | None:
        """What a change, run for as long as it may take, makes right; None where it was ended."""
        self.running, self.has_ended_it = number, False
        try:
            right = run()
        except SlowChangeError:
            pass
        finally:
            self.running = 0
        return None if self.has_ended_it else right
