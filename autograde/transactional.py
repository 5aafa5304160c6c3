"""A gradebook whose changes appear together or not at all: what rooms below grading ask of it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from contextlib import AbstractContextManager

from nbgrader.api import Gradebook


class TransactionalGradebook(Gradebook, ABC):
    """nbgrader's gradebook, with a transaction; `autograde.grading.gradebook` has the one that is used."""

    @abstractmethod
    def transaction(self, keep: bool = True) -> AbstractContextManager[None]:
        """Commit what happens inside as one, or roll all of it back: on an error, or with `keep=False`."""
