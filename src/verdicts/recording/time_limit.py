"""A limit on the time of a student's code, in a kernel that must survive it."""

import _thread
import contextlib
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import CodeType

SECONDS = 5.0  # of computing: on a busy machine a right answer takes longer by the clock
IDLE_SECONDS = 5.0  # by the clock without any computing: a sleep, an input that is never typed
# Computing code gets whole slices of a processor on any machine; a sleep of five seconds takes none.
MIN_COMPUTED_SECONDS = 0.001
WALL_SECONDS = 60.0
LOOK_SECONDS = 0.1
# Two free tool ids of sys.monitoring, which reserves 0, 1, 2 and 5.
MONITORING_TOOL_IDS = (4, 3)
# An interrupt that comes between these frames and the watched code would be lost.
NOT_INTERRUPTED = {contextlib.__file__, __file__}


class TimeLimitError(Exception):
    """The student's code took longer than it may.

    Args:
        seconds: that it was allowed.
        waited: whether they are seconds by the clock, in which it computed nothing.
    """

    def __init__(self, seconds: float, waited: bool) -> None:
        super().__init__(stopped_after(f"{seconds:g}", waited))
        self.seconds, self.waited = seconds, waited


def stopped_after(seconds: str, waited: bool) -> str:
    """The reason why code was stopped."""
    if waited:
        return f"stopped after {seconds} seconds in which it computed nothing"
    return f"stopped after {seconds} seconds of computing"


@dataclass
class _Clocks:
    """The main thread's computing time, read from another thread."""

    seconds: float
    """That it may compute."""
    idle: float
    """The longest time by the clock in which it may compute nothing."""
    wall: float
    """The longest time by the clock."""
    exceeded: tuple[float, bool] | None = None
    """What `over` gave when the code was interrupted."""

    def __post_init__(self) -> None:
        self.computed, self.begun = time.process_time(), time.monotonic()
        self.slice, self.slice_at = 0.0, self.begun

    def over(self, now: float, process: float, thread: float) -> tuple[float, bool] | None:
        """The limit that is exceeded at these times, and whether it is the idle one; None if none is."""
        if thread - self.slice >= MIN_COMPUTED_SECONDS:
            self.slice, self.slice_at = thread, now
        if process - self.computed >= self.seconds or now - self.begun >= self.wall:
            return self.seconds, False
        return (self.idle, True) if now - self.slice_at >= self.idle else None


def _main_thread_time() -> float:
    """Processor time of the main thread, in seconds; without a system call for it, of all threads but this."""
    if hasattr(time, "pthread_getcpuclockid"):
        return time.clock_gettime(time.pthread_getcpuclockid(threading.main_thread().ident))
    return time.process_time() - time.thread_time()


def is_main_thread() -> bool:
    """Whether this is the thread that signals reach."""
    return threading.current_thread() is threading.main_thread()


@contextlib.contextmanager
def time_limit(
    seconds: float = SECONDS, wall: float = WALL_SECONDS, idle: float = IDLE_SECONDS
) -> Iterator[None]:
    """Interrupt the main thread after `seconds` of computing.

    Or after `idle` seconds by the clock in which it computed nothing, or after `wall` seconds in all.
    Works on every system. Where no thread can be started (a browser) the code's own events look at the clock:
    a loop inside one call of C is not interrupted there. In another thread than the main one nothing can be
    interrupted: there the limits of the grader's sandbox hold.

    Raises:
        TimeLimitError: the time is over.
    """
    if not is_main_thread():
        yield
        return
    clocks = _Clocks(seconds, idle, wall)
    # A program started in the background ignores interrupts: ours would be lost and the loop never end.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    end = _watch(clocks)
    try:
        yield
        end()
    except KeyboardInterrupt as interrupted:
        # An interrupt by the user is passed on; only ours becomes a message.
        if clocks.exceeded:
            raise TimeLimitError(*clocks.exceeded) from interrupted
        raise
    finally:
        end()
        if before is not None:  # None: a handler that Python did not set and cannot set again
            signal.signal(signal.SIGINT, before)


def _watch(clocks: _Clocks) -> Callable[[], None]:
    """Start watching the clocks, which know the limit that is exceeded before the interrupt.

    Returns:
        The function that stops it.
    """
    ended, every = threading.Event(), min(LOOK_SECONDS, clocks.seconds / 2)

    def interrupt() -> None:
        while (over := clocks.over(time.monotonic(), time.process_time(), _main_thread_time())) is None:
            if ended.wait(every):
                return
        clocks.exceeded = over
        # Repeatedly: an `except:` in the student's loop swallows the first ones.
        while not ended.is_set():
            _interrupt_main_thread()
            ended.wait(0.5)

    try:
        # `Thread.start` would wait until the thread runs: up to a millisecond, for a few of work.
        _thread.start_new_thread(interrupt, ())
    except RuntimeError:  # Pyodide has no threads
        return look_at_events(clocks, every)
    return ended.set


def _interrupt_main_thread() -> None:
    if hasattr(signal, "pthread_kill"):
        # A real signal also ends a sleep; `interrupt_main` waits until it is over.
        signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)
    else:
        _thread.interrupt_main()


def look_at_events(clocks: _Clocks, every: float) -> Callable[[], None]:
    """Look at the clocks at jumps and calls of Python code, and interrupt the code once a limit is exceeded.

    Needs `sys.monitoring` (Python 3.12 or newer, as Pyodide's is); older versions are not watched.

    Args:
        every: seconds between two looks at all clocks; an event before that costs one at the wall's.

    Returns:
        The function that ends the looking; it may be called twice.
    """
    monitoring = getattr(sys, "monitoring", None)
    tool = next(
        (tool for tool in MONITORING_TOOL_IDS if monitoring and monitoring.get_tool(tool) is None), None
    )
    if tool is None:
        return lambda: None

    events, next_look = monitoring.events, time.monotonic()

    def end() -> None:
        if monitoring.get_tool(tool) == __name__:
            monitoring.set_events(tool, events.NO_EVENTS)
            monitoring.free_tool_id(tool)

    def look(code: CodeType, *_where: int) -> None:
        nonlocal next_look
        if (now := time.monotonic()) < next_look:
            return
        next_look = now + every
        if code.co_filename in NOT_INTERRUPTED:
            return
        computed = time.process_time()
        clocks.exceeded = clocks.over(now, computed, computed)
        if clocks.exceeded:
            # Off before the exception: its handlers jump and call too, and would be interrupted again.
            end()
            raise KeyboardInterrupt

    monitoring.use_tool_id(tool, __name__)
    for event in (events.JUMP, events.PY_START):
        monitoring.register_callback(tool, event, look)
    monitoring.set_events(tool, events.JUMP | events.PY_START)
    return end
