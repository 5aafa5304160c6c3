"""A limit on how long a student's code may take, in a kernel that must survive it."""

from __future__ import annotations

import _thread
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from descentlab.sentences import say

SECONDS = 5.0  # of computing: on a busy machine an honest answer takes longer by the clock
WALL_SECONDS = 60.0
LOOK_SECONDS = 0.1


class TimeLimitError(Exception):
    """The student's code took longer than it may.

    Args:
        seconds: of computing, that it was allowed.
    """

    def __init__(self, seconds: float) -> None:
        super().__init__(say("stopped after {seconds} seconds of computing", seconds=f"{seconds:g}"))
        self.seconds = seconds


@contextmanager
def time_limit(seconds: float = SECONDS, wall: float = WALL_SECONDS) -> Iterator[None]:
    """Interrupt what runs in the main thread after `seconds` of computing or `wall` seconds by the clock.

    Works on every system. Raises TimeLimitError. In another thread than the main one nothing can be
    interrupted: there the limits of the grader's sandbox hold.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    ended = threading.Event()
    fired = threading.Event()
    computed, begun = time.process_time(), time.monotonic()

    def in_time() -> bool:
        return time.process_time() - computed < seconds and time.monotonic() - begun < wall

    def interrupt() -> None:
        look = min(LOOK_SECONDS, seconds / 2)
        while in_time():
            if ended.wait(look):
                return
        # Again and again: an `except:` in the student's loop swallows the first ones.
        while not ended.is_set():
            fired.set()
            _interrupt_main_thread()
            ended.wait(0.5)

    # A program started in the background ignores interrupts: ours would be lost, and the loop go on for ever.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    # `Thread.start` would wait until the thread runs: up to a millisecond, for a few milliseconds of work.
    _thread.start_new_thread(interrupt, ())
    try:
        yield
        ended.set()
    except KeyboardInterrupt as interrupted:
        # A person's own interrupt is theirs; only ours becomes a sentence.
        if fired.is_set():
            raise TimeLimitError(seconds) from interrupted
        raise
    finally:
        ended.set()
        if before is not None:  # None: a handler that Python did not set and cannot set again
            signal.signal(signal.SIGINT, before)


def _interrupt_main_thread() -> None:
    if hasattr(signal, "pthread_kill"):
        # A real signal also ends a sleep; `interrupt_main` waits until it is over.
        signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)
    else:
        _thread.interrupt_main()
