"""One look at what submissions could read, for the boxes of a pool that start at the same time.

They are started alike and shown the same files: two looks would see the same. A box
that starts later, when files may have changed, looks for itself.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future

from autograde.sandbox.box import Box


class SharedLook:
    """Starts boxes of the same pool, from any number of threads.

    Args:
        start: makes a box that looks, or, with False, one that does not.
    """

    def __init__(self, start: Callable[[bool], Box]) -> None:
        self._start = start
        self._lock = threading.Lock()
        self._under_way: Future[None] | None = None

    def box(self) -> Box:
        """A box that shows nothing withheld: it has looked, or one that started beside it.

        Raises:
            SandboxError: it did not start, or the box that looked did not, or saw something.
        """
        with self._lock:
            other_look = self._under_way
            if other_look is None:
                own = self._under_way = Future()
        if other_look is None:
            return self._looked(own)
        box = self._start(False)
        try:
            other_look.result()
        except BaseException:
            box.close()
            raise
        return box

    def _looked(self, look: Future[None]) -> Box:
        try:
            box = self._start(True)
        except BaseException as error:
            look.set_exception(error)
            raise
        else:
            look.set_result(None)
        finally:
            with self._lock:
                self._under_way = None
        return box
