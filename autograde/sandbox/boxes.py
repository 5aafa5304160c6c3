"""The boxes of a pool: who needs one takes a free one, or starts another where that pays.

A box costs half a second of processor time before its first submission. The first one is started at once, in
a class of forty a second one beside it: while a box starts, a processor has nothing else to do. Another is
started only once its share of what is left to run would take longer than that, or somebody waits for so long.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from autograde.sandbox.box import Box
from autograde.sandbox.protocol import SandboxError

PAYS = 2  # times a box's start that its share of the work takes
TWO_AT_ONCE = 40  # runs: the shortest there are take 25 ms, and a start as long as twenty of them
LOOK_SECONDS = 0.05  # between two looks at how long others have been running


class Boxes:
    """Started boxes, `most` at once; for any number of threads.

    A box ends with the thread that started it: such a thread must live until `close`.

    Args:
        start: makes a box.
    """

    def __init__(self, start: Callable[[], Box], most: int) -> None:
        self._start, self._most = start, most
        self._changed = threading.Condition()
        self.started: set[Box] = set()
        self._free: list[Box] = []
        self._taken: dict[Box, float] = {}  # when
        self._starting = 0
        self.at_once = 1  # that are worth starting before anything has run
        self._start_seconds = 0.0  # of the first box
        self._runs, self._seconds = 0, 0.0  # that have ended, and how long they took together
        self._expected = self._queued = 0
        self._closing = False

    def expect(self, runs: int) -> None:
        """So many runs will need a box, those that are queued until then included."""
        with self._changed:
            self._expected = runs
            self.at_once = min(self._most, 2 if runs >= TWO_AT_ONCE else 1)

    def queue(self) -> None:
        """One more run will take a box, and call `begin` before."""
        with self._changed:
            self._queued += 1

    def begin(self) -> None:
        """A run that was queued takes its box now."""
        with self._changed:
            self._queued -= 1
            self._expected = max(0, self._expected - 1)

    def take(self) -> Box:
        """A box that nobody else has until `give_back` or `drop`; waits while none is free and none is to be
        started.

        Raises:
            SandboxError: no box starts here, or the pool is closed.
        """
        with self._changed:
            while not (self._closing or self._free or self._start_pays()):
                self._changed.wait(LOOK_SECONDS)
            if self._closing:
                raise SandboxError.say("the pool is closed")
            if self._free:
                return self._handed_over(self._free.pop())
            self._starting += 1
        return self._new()

    def _start_pays(self) -> bool:
        many = len(self.started) + self._starting
        if many == 0 or (not self._runs and many < self.at_once):
            return True
        if many >= self._most or not self.started:
            return False
        now = time.monotonic()
        longest = max((now - when for when in self._taken.values()), default=0.0)
        if longest > self._start_seconds and not self._starting:
            return True
        each = max(longest, self._seconds / max(1, self._runs))
        left = 1 + max(self._queued, self._expected)  # and the one that asks
        return left * each / (many + 1) > PAYS * self._start_seconds

    def _new(self) -> Box:
        began = time.monotonic()
        box = None
        try:
            box = self._start()
        finally:
            with self._changed:
                self._starting -= 1
                if box is not None:
                    self._start_seconds = self._start_seconds or time.monotonic() - began
                    self.started.add(box)
                    self._handed_over(box)
                    if self._closing:  # while the box started: nobody will run anything in it
                        box.kill()
                self._changed.notify_all()
        return box

    def _handed_over(self, box: Box) -> Box:
        self._taken[box] = time.monotonic()
        return box

    def give_back(self, box: Box, ran: bool = True) -> None:
        """The box is free for the next run; `ran`: it had one."""
        with self._changed:
            seconds = time.monotonic() - self._taken.pop(box)
            if ran:
                self._runs, self._seconds = self._runs + 1, self._seconds + seconds
            self._free.append(box)
            self._changed.notify_all()

    def drop(self, box: Box) -> None:
        """End a box that was taken; another may take its place."""
        with self._changed:
            del self._taken[box]
            self.started.discard(box)
            self._changed.notify_all()
        box.close()

    def end(self) -> None:
        """End what runs; nobody gets a box any more."""
        with self._changed:
            self._closing = True
            for box in self.started:
                box.kill()
            self._changed.notify_all()

    def close(self) -> None:
        """Remove the boxes, once no thread uses one any more."""
        for box in self.started:
            box.close()
        self.started.clear()
