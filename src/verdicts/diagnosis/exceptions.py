"""Exceptions of a student's code explained in a plain sentence.

The text comes from the student's process and never adds points.
"""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from verdicts.diagnosis import Explanation
from verdicts.diagnosis.catalogue import sections
from verdicts.recording.run_student import MAX_MESSAGE

UNKNOWN_ERROR_HINT = (
    "Just above the line where it stops, print the type and the shape of each thing that stands in it. Which "
    "is the first that you did not expect?"
)
"""The hint for an unknown exception."""
EXCEPTIONS = Path(__file__).with_suffix(".md")
NO_HINTS: Mapping[str, str] = {}
FIELDS = ("type", "message", "meaning", "hint")


@cache
def known_exceptions(file: Path = EXCEPTIONS) -> tuple[Mapping[str, str], ...]:
    """What a file such as `exceptions.md` says of each exception, in its order."""
    return tuple({"id": one.title, "message": "", **one.fields(FIELDS)} for one in sections(file))


def explain_error(
    error: Mapping[str, Any],
    where: str,
    hints: Mapping[str, str] = NO_HINTS,
    of_course: Iterable[Mapping[str, str]] = (),
) -> Explanation | None:
    """Explain an exception; None if there is nothing to add to Python's own words.

    `hints` replace the usual ones, by the exception's id. `of_course`: a course's sections, which are tried first.
    """
    if "message" not in error:
        return None
    # No longer than the record: a malicious text could slow the pattern down.
    kind, message = error.get("type"), error["message"][:MAX_MESSAGE]
    text = f"{message}\n{str(error.get('line', ''))[:MAX_MESSAGE]}".replace('"', "'")
    for row in (*of_course, *known_exceptions()):
        if kind in row["type"].split("|") and re.search(row["message"], text):
            line = f", in your line `{error['line']}`" if error.get("line") else ""
            meaning = f"{where}: {row['meaning']}{line} ({kind}: {message})" if "meaning" in row else ""
            hint = hints.get(row["id"], row["hint"])
            return Explanation(f"error/{row['id']}", meaning, hint, f"{kind}: {where}")
    return None
