"""What may go wrong, by whose fault: each kind ends in one clear line, never in a stack.

What only a person can judge is `autograde.grading.flag_messages.NeedsReviewError`.
"""

from __future__ import annotations

from typing import Self

from descentlab.sentences import say


class SaidError(Exception):
    """An error that is a sentence for people: `raise UsageError.say("{file}: no table.", file=path)`."""

    @classmethod
    def say(cls, template: str, /, **values: object) -> Self:
        """The error with the sentence in the language in use."""
        return cls(say(template, **values))


class UsageError(SaidError):
    """A wrong argument or set-up: the command stops with this line and exit status 2."""


class MachineError(SaidError):
    """The grader or the machine failed: no grade is written, and the next run tries again."""


class CourseError(MachineError):
    """A fault that every submission would meet (a full disk, a locked gradebook): the run stops."""


def what_failed(error: OSError) -> str:
    """Which file, and what of it; an error without a name is one of writing the output itself."""
    reason = error.strerror or error
    if error.filename:
        return f"{error.filename}: {reason}."
    return say("the output cannot be written: {reason}.", reason=reason)
