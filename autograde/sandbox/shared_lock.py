"""A lock that any number of runs hold together, or one alone: a readers–writer lock."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class SharedLock:
    """Runs go on together; one that is to be alone waits for them, and those that come later for it."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._shared = 0
        self._exclusive = 0  # that wait or run
        self._taken = False

    @contextmanager
    def shared(self) -> Iterator[None]:
        """Hold the lock beside others."""
        with self._changed:
            self._changed.wait_for(lambda: not self._exclusive)
            self._shared += 1
        try:
            yield
        finally:
            with self._changed:
                self._shared -= 1
                self._changed.notify_all()

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        """Hold the lock while nobody else does."""
        with self._changed:
            self._exclusive += 1
            self._changed.wait_for(lambda: not self._shared and not self._taken)
            self._taken = True
        try:
            yield
        finally:
            with self._changed:
                self._exclusive -= 1
                self._taken = False
                self._changed.notify_all()
