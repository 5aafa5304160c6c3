"""A pool whose boxes start while the gradebook is opened, where it is certain enough that they are needed.

Work that was never graded has no autograded folder. Where many have none, boxes are started before all else:
meanwhile a processor would have nothing to do. A few may be those whose work nobody can grade: for them, and
where everybody was graded before, a pool is opened once something is known to be there to do.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import Any

from autograde.errors import SaidError
from autograde.grading.course import Course, Submission
from autograde.sandbox import Pool

FEW = 10  # submissions that may be without an autograded folder though they were looked at before


def never_graded(course: Course, submissions: Sequence[Submission]) -> int:
    """How many of these have no autograded folder."""
    folders = (course.folder("autograded", one.student, one.assignment) for one in submissions)
    return sum(not os.path.lexists(folder) for folder in folders)


class EarlyPool:
    """The pool of one run, opened by `start` or, at the latest, by `get`; a context manager that closes it.

    Args:
        make: opens it.
    """

    def __init__(self, make: Callable[[], Pool]) -> None:
        self._make = make
        self._pool: Pool | None = None
        self._refused: SaidError | OSError | None = None

    def start(self, runs: int) -> None:
        """Open it now and start boxes for so many runs; whatever is refused is said by `get`."""
        try:
            self._open(runs)
        except (SaidError, OSError) as refused:
            self._refused = refused

    def get(self, runs: int) -> Pool:
        """The pool, with boxes for so many runs started.

        Raises:
            SaidError: none can be had.
            OSError: what decides which boxes are opened cannot be read.
        """
        if self._refused:
            raise self._refused
        if self._pool is None:
            return self._open(runs)
        self._pool.expect(runs)
        return self._pool

    def _open(self, runs: int) -> Pool:
        self._pool = self._make()
        self._pool.warm(runs)
        return self._pool

    def __enter__(self) -> EarlyPool:
        return self

    def __exit__(self, *exception: Any) -> None:
        if self._pool is not None:
            self._pool.__exit__(*exception)
