"""Who may run at the same time: any number of runs, or one alone."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Turns:
    """Runs go on together; one that is to be alone waits for them, and those that come later for it."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._together = 0
        self._alone = 0  # that wait or run
        self._taken = False

    @contextmanager
    def together(self) -> Iterator[None]:
        """A turn beside others."""
        with self._changed:
            self._changed.wait_for(lambda: not self._alone)
            self._together += 1
        try:
            yield
        finally:
            with self._changed:
                self._together -= 1
                self._changed.notify_all()

    @contextmanager
    def alone(self) -> Iterator[None]:
        """A turn while nobody else has one."""
        with self._changed:
            self._alone += 1
            self._changed.wait_for(lambda: not self._together and not self._taken)
            self._taken = True
        try:
            yield
        finally:
            with self._changed:
                self._alone -= 1
                self._taken = False
                self._changed.notify_all()
