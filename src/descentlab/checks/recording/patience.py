"""A limit on how long a student's code may take, in a kernel that must survive it."""

from __future__ import annotations

import _thread
import threading
from collections.abc import Iterator
from contextlib import contextmanager

SECONDS = 5.0


class OutOfPatienceError(Exception):
    """The student's code took longer than it may."""


@contextmanager
def patience(seconds: float = SECONDS) -> Iterator[None]:
    """Interrupt what runs in the main thread after `seconds`, on every system.

    Raises OutOfPatienceError. In another thread than the main one nothing can be interrupted: there the
    limits of the grader's sandbox hold.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    ended = threading.Event()
    fired = threading.Event()

    def interrupt() -> None:
        if not ended.is_set():
            fired.set()
            _thread.interrupt_main()

    timer = threading.Timer(seconds, interrupt)
    timer.daemon = True
    timer.start()
    try:
        yield
        ended.set()
    except KeyboardInterrupt:
        # A person's own interrupt is theirs; only ours becomes a sentence.
        if fired.is_set():
            raise OutOfPatienceError(f"no end after {seconds:g} seconds") from None
        raise
    finally:
        ended.set()
        timer.cancel()
