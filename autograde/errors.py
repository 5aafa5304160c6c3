"""What may go wrong, by whose fault: each kind ends in one clear line, never in a stack.

What only a person can judge is `autograde.grading.messages.NeedsReviewError`.
"""

from __future__ import annotations


class UsageError(Exception):
    """A wrong argument or set-up: the command stops with this line and exit status 2."""


class MachineError(Exception):
    """The grader or the machine failed: no grade is written, and the next run tries again."""


class CourseError(MachineError):
    """A fault that every submission would meet (a full disk, a locked gradebook): the run stops."""
