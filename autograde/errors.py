"""What may go wrong, by whose fault: each kind ends in one clear line, never in a stack."""

from __future__ import annotations


class UsageError(Exception):
    """A wrong argument or set-up: the command stops with this line and exit status 2."""


class NeedsReviewError(Exception):
    """A submission that only a person can judge.

    Attributes:
        flag: the word for it in tables and JSON, e.g. "malformed".
        sentence: what was found, and where.
    """

    def __init__(self, flag: str, sentence: str) -> None:
        super().__init__(sentence)
        self.flag = flag
        self.sentence = sentence


class MachineError(Exception):
    """The grader or the machine failed: no grade is written, and the next run tries again."""


class CourseError(MachineError):
    """A fault that every submission would meet (a full disk, a locked gradebook): the run stops."""
