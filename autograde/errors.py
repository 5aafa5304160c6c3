"""The errors that end a command in one line, by who can mend them; and that of one submission."""


class AutogradeError(Exception):
    """An error whose text is a sentence for people; `problems` are lines to show before it."""

    problems: tuple[str, ...] = ()


class UsageError(AutogradeError):
    """A wrong argument or set-up: the command stops with this line and exit status 2."""


class MachineError(AutogradeError):
    """The grader or the machine failed: no grade is written, and the next run tries again."""


class CourseError(MachineError):
    """A fault that every submission would meet (a full disk, a locked gradebook): the run stops."""


class NeedsReviewError(Exception):
    """A submission that only a person can judge; its text says what was seen, and where.

    Attributes:
        flag: the word for it in tables and JSON, e.g. "malformed".
    """

    def __init__(self, flag: str, reason: str) -> None:
        super().__init__(reason)
        self.flag = flag


def what_failed(error: OSError) -> str:
    """Which file failed and why; an error without a file name is one of writing the output itself."""
    reason = error.strerror or error
    return f"{error.filename}: {reason}." if error.filename else f"the output cannot be written: {reason}."
