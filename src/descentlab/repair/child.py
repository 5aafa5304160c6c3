"""One forked child that searches, so that no change of a student's code can do harm.

It writes to no file, no socket and no terminal, has limits on time and memory, and sends back places only. A child
that hangs or dies costs the places that it has not sent.
"""

import gc
import json
import os
import resource
import select
import signal
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from IPython import get_ipython

from descentlab.repair.search import Found, search
from descentlab.repair.source import Answer
from descentlab.repair.target import Right

WALL_SECONDS = 1.1
CHANGE_SECONDS = 0.05
"""Of processor time for one change of the code."""
MORE_BYTES = 512 << 20
"""Memory that the child may take beyond the kernel's."""
REFUSED = (
    "socket.", "subprocess.", "shutil.", "ctypes.", "tempfile.", "urllib.", "webbrowser.", "winreg.",
    "os.chmod", "os.chown", "os.exec", "os.fork", "os.kill", "os.link", "os.mkdir", "os.posix_spawn", "os.putenv",
    "os.remove", "os.rename", "os.rmdir", "os.spawn", "os.symlink", "os.system", "os.truncate", "os.unlink", "os.utime",
)  # fmt: skip
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
        return [_read(*json.loads(line)) for line in _lines(reading)]
    except KeyboardInterrupt:  # the verdict is shown all the same
        return []
    finally:
        os.close(reading)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def _read(what: str, part: int, begin: Any, end: Any, other: Any, gained: str) -> Found:
    return Found(what, part, tuple(begin), tuple(end), _read(*other) if other else None, gained)


def _lines(reading: int) -> Iterator[bytes]:
    """The whole lines that the child sends in time."""
    until, text = time.monotonic() + WALL_SECONDS, b""
    while (left := until - time.monotonic()) > 0 and select.select([reading], [], [], left)[0]:
        read = os.read(reading, 1 << 16)
        if not read:
            break
        *lines, text = (text + read).split(b"\n")
        yield from lines


def _search(name: str, own: Answer, writing: int) -> None:
    """The child: search, send, end."""
    try:
        _confine()
        search(name, own, lambda found: _send(writing, found), _Watch().limited)
    finally:
        os._exit(0)


def _send(writing: int, found: Found) -> None:
    os.write(writing, json.dumps(found).encode() + b"\n")


def _confine() -> None:
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in range(3):
        os.dup2(nowhere, descriptor)
    sys.stdout = sys.stderr = os.fdopen(nowhere, "w")
    gc.disable()  # nothing of the kernel's is to be ended here
    if kernel := getattr(get_ipython(), "kernel", None):
        kernel.session.send = lambda *message, **options: None
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_CPU, (2, 2))
    if sys.platform == "linux":
        pages = int(Path("/proc/self/statm").read_text().split()[0])
        most = pages * resource.getpagesize() + MORE_BYTES
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
    sys.addaudithook(_refuse)


def _refuse(event: str, arguments: tuple[Any, ...]) -> None:
    if event.startswith(REFUSED) or (event == "open" and not _reads(*arguments)):
        raise PermissionError(event)


def _reads(path: Any, mode: Any, flags: Any) -> bool:
    return isinstance(path, str | bytes | os.PathLike) and not (isinstance(flags, int) and flags & ~READING)


class _Watch:
    """Ends a change that still runs at the second of two ticks of a timer."""

    def __init__(self) -> None:
        self.running, self.seen = 0, 0
        signal.signal(signal.SIGVTALRM, self.tick)
        signal.setitimer(signal.ITIMER_VIRTUAL, CHANGE_SECONDS, CHANGE_SECONDS)

    def tick(self, number: int, frame: Any) -> None:
        if self.running and self.running == self.seen:
            raise SlowChangeError
        self.seen = self.running

    def limited(self, run: Callable[[], Right], number: int) -> Right:
        """What a change, run for as long as it may take, makes right."""
        self.running = number
        try:
            return run()
        except SlowChangeError:
            return frozenset()
        finally:
            self.running = 0
