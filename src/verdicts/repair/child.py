"""One forked child that searches, so that no change of a student's code can do harm.

What it has open leads to nowhere but for its pipe, its memory maps are its own, and it opens nothing for writing; code in
C neither, where Linux has Landlock. Time and memory are limited, and it sends back places only. A child that hangs or dies
costs the places that it has not sent.
"""

import _posixshmem
import builtins
import ctypes
import gc
import json
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

from verdicts.judging.examiners import Parts
from verdicts.repair.changes import SLIPS
from verdicts.repair.search import Found, search
from verdicts.repair.source import Answer

WALL_SECONDS = 4.0
"""A backstop, as for a change that waits."""
CHANGE_SECONDS = 0.03
"""Of processor time for one change of the code."""
MORE_BYTES = 400 << 20
"""Memory that the child may take beyond the kernel's, copies of the kernel's pages included."""
LOOK_SECONDS = 0.02
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


class SlowChangeError(BaseException):
    """A change takes longer than it may."""


def places(name: str, own: Answer) -> list[Found]:
    """The places in an answer's code where one change makes it right, as far as they were found in time."""
    reading, writing = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of other threads, which the child does not need
        try:
            child = os.fork()
        except OSError:
            os.close(reading)
            os.close(writing)
            raise
    if child == 0:
        os.close(reading)
        _search(name, own, writing)
    os.close(writing)
    try:
        return [_read(*json.loads(line)) for line in _lines(reading, child)]
    except KeyboardInterrupt:  # the verdict is shown all the same
        return []
    finally:
        os.close(reading)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def _read(what: str, part: int, begin: Any, end: Any, other: Any, gained: str) -> Found:
    return Found(what, part, tuple(begin), tuple(end), _read(*other) if other else None, gained)


def _lines(reading: int, child: int) -> Iterator[bytes]:
    """The whole lines that the child sends in time and before it has taken too much memory."""
    until, text = time.monotonic() + WALL_SECONDS, b""
    while time.monotonic() < until and _own_bytes(child) < MORE_BYTES:
        if not select.select([reading], [], [], LOOK_SECONDS)[0]:
            continue
        read = os.read(reading, 1 << 16)
        if not read:
            break
        *lines, text = (text + read).split(b"\n")
        yield from lines


def _own_bytes(child: int) -> int:
    """The memory that a child does not share with this process; 0 where the system does not tell."""
    try:
        rows = Path(f"/proc/{child}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(row.split()[1]) << 10 for row in rows if row.startswith("Private_"))


def _search(name: str, own: Answer, writing: int) -> None:
    """The child: search, send, end."""
    try:
        _confine(own, writing)
        kinds = (*SLIPS, ("what is computed there", own.borrow))
        search(
            name,
            own,
            lambda found: os.write(writing, f"{json.dumps(found)}\n".encode()),
            _Watch().limited,
            kinds,
        )
    finally:
        os._exit(0)


def _confine(own: Answer, writing: int) -> None:
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in {0, 1, 2, *map(int, os.listdir("/dev/fd"))} - {writing, nowhere}:
        with suppress(OSError):  # the one that listed them
            os.dup2(nowhere, descriptor)
    sys.stdout = sys.stderr = os.fdopen(nowhere, "w")
    gc.disable()  # nothing of the kernel's is to be ended here
    if kernel := getattr(get_ipython(), "kernel", None):
        kernel.session.send = lambda *message, **options: None
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_CPU, (3, 3))
    if sys.platform == "linux":
        pages = int(Path("/proc/self/statm").read_text().split()[0])
        most = pages * resource.getpagesize() + MORE_BYTES
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
    _own_maps()
    unseen = (*UNSEEN, input)  # a notebook has another in each cell
    for names in (vars(os), vars(_posixshmem), vars(builtins), own.names):
        names.update({name: _refused for name, value in names.items() if any(value is one for one in unseen)})
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

    def limited(self, run: Callable[[], Parts], number: int) -> Parts | None:
        """What a change, run for as long as it may take, makes right; None where it was ended."""
        self.running, self.has_ended_it = number, False
        try:
            right = run()
        except SlowChangeError:
            pass
        finally:
            self.running = 0
        return None if self.has_ended_it else right
