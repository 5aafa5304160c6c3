"""How long a cell may go on: its own time counts, the machine's delay does not, the clock ends it."""

import math
import os
import threading
import time

import pytest

from autograde.sandbox import conversation
from autograde.sandbox.conversation import OwnTime, OwnTimeLimit
from autograde.sandbox.inside import processes
from autograde.sandbox.inside.processes import BusyThreads, Processes


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch):
    """A clock that goes on when it is told to."""

    class Clock:
        now = 1000.0

        def monotonic(self) -> float:
            return self.now

    made = Clock()
    monkeypatch.setattr(conversation, "time", made)
    monkeypatch.setattr(processes, "time", made)
    return made


def ended_after(clock, limit: float, computes: float, waits: float, last: float = math.inf) -> float:
    """When a cell's patience is over that computes and waits for so much of each second."""
    began = clock.now
    waiting = OwnTimeLimit(limit, last)
    while clock.now < began + 1000:
        clock.now = waiting.next_look
        gone = clock.now - began
        if waiting.is_over(OwnTime(50 + computes * gone, 70 + waits * gone)):
            return clock.now - began
    return math.inf


@pytest.mark.parametrize(
    ("computes", "waits", "ends"),
    [
        (1.0, 0.0, 10),  # alone on a processor
        (0.0, 0.0, 10),  # asleep
        (0.5, 0.0, 10),  # half the time asleep
        (0.5, 0.5, 20),  # a processor for half of the time
        (0.3, 0.7, 33.3),
        (0.05, 0.95, 80),  # the clock, at eight times the limit
        (0.0, 1.0, 80),
        (2.0, 0.0, 5),  # two processes, two processors
        (0.0, 60.0, 80),  # many that wait
        (0.1, 0.4, 50 / 3),  # and half of the time asleep
    ],
)
def test_own_time_counts_and_the_clock_ends_it_at_eight_times_the_limit(clock, computes, waits, ends):
    assert ended_after(clock, 10, computes, waits) == pytest.approx(ends, rel=0.06)


def test_the_notebooks_end_is_a_cells_end(clock):
    assert ended_after(clock, 10, 0.1, 0.9, last=clock.now + 3) == pytest.approx(3)
    assert OwnTimeLimit(math.inf, last=clock.now + 7).last == clock.now + 7


def looks(clock, busy: BusyThreads, runnable: int, used: float, seconds: float, between: float = 0.1) -> bool:
    """Whether so many threads, or so much use a second, exceed the limit."""
    begin = clock.now
    total = busy.before[1]
    while clock.now < begin + seconds:
        clock.now += between
        total += used * between
        if busy.exceed_limit(runnable, total):
            return True
    return False


@pytest.mark.parametrize(
    ("runnable", "used", "seconds", "shown"),
    [
        (60, 2, 2, True),
        (0, 60, 2, True),  # asleep at each look, busy between them
        (16, 2, 4, False),
        (16, 2, 7, True),
        (8, 8, 600, False),
        (1, 1, 600, False),
    ],
)
def test_threads_beyond_the_limit_are_borne_for_a_moment_only(clock, runnable, used, seconds, shown):
    assert looks(clock, BusyThreads(8), runnable, used, seconds) is shown


def test_a_burst_is_forgotten(clock):
    busy = BusyThreads(8)
    for _ in range(20):
        assert not looks(clock, busy, 40, 2, 1)
        assert not looks(clock, busy, 1, 1, 6)


def test_one_late_look_does_not_make_greedy(clock):
    assert not looks(clock, BusyThreads(8), 40, 2, 30, between=30)


def test_the_kernels_count_of_waiting_is_read():
    """Three busy processes on one processor: together they wait for at least as long as they compute."""
    watched = Processes(alone=False)
    watched.begin(8)
    processor = min(os.sched_getaffinity(0))
    children = []
    for _ in range(3):
        child = os.fork()
        if child == 0:
            os.sched_setaffinity(0, {processor})
            while time.process_time() < 30:
                pass
            os._exit(0)
        children.append(child)
    try:
        ours: dict[int, list[bytes]] = {}
        cpu = 0.0
        while cpu < 1.0:
            time.sleep(0.1)
            ours = {pid: stat for pid, stat in watched.living().items() if pid in children}
            cpu = sum(int(ticks) for stat in ours.values() for ticks in stat[11:13]) / processes.TICK
        runnable = sum(watched.waiting_time.look(pid) for pid in ours)
        assert runnable == 3
        assert watched.waiting_time.seconds > 1.0
    finally:
        for child in children:
            os.kill(child, 9)
            os.waitpid(child, 0)


def test_threads_are_looked_at_one_by_one():
    watched = Processes(alone=False)
    ended = threading.Event()
    sleepers = [threading.Thread(target=ended.wait) for _ in range(4)]
    for thread in sleepers:
        thread.start()
    stat = processes._stat(os.getpid())
    assert int(stat[17]) > 4
    assert watched.waiting_time.look(os.getpid()) >= 1  # the one that asks computes, four do not
    assert len(watched.waiting_time._seen) >= 5
    ended.set()
