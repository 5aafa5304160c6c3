"""Names of folders and files, which students can choose."""

import shlex

LONGEST_ID = 128  # of nbgrader's gradebook
LONGEST_SHOWN = 80
NOT_IN_IDS = '/<>&"`*?['


def is_student(name: str) -> bool:
    """Whether a folder's name can be a student id: printable, one path component, no markup, no pattern."""
    return (
        0 < len(name) <= LONGEST_ID
        and name.isprintable()
        and not name.startswith((".", "-"))
        and not set(name) & set(NOT_IN_IDS)  # nbgrader's exchange takes * for everybody, a[1] for a1
    )


def printable(text: str) -> str:
    """Text in its own letters, with control sequences escaped."""
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in text)


def shell_word(name: object) -> str:
    """A path or a name as one word of a shell command, quoted if necessary."""
    return printable(shlex.quote(str(name)))


def quoted(name: str) -> str:
    """A file's name for a sentence: on one line, escaped and shortened."""
    return repr(name)[:LONGEST_SHOWN]
