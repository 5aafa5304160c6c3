"""Exceptions of a student's code explained in a plain sentence.

The text comes from the student's process and never adds points.
"""

import re
from collections.abc import Mapping
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
NO_HINTS: Mapping[str, str] = {}
FIELDS = ("type", "message", "meaning", "hint", "hint for functions")


@cache
def known_exceptions() -> tuple[Mapping[str, str], ...]:
    """What `exceptions.md` says of each exception, in its order."""
    file = Path(__file__).with_suffix(".md")
    return tuple({"id": one.title, "message": "", **one.fields(FIELDS)} for one in sections(file))


def explain_call(error: Mapping[str, Any]) -> Explanation | None:
    """Explain a class that cannot be called as a rule; `error` has no line of the student's."""
    message = str(error.get("message"))[:MAX_MESSAGE]
    for known in known_exceptions():
        if (
            "meaning" not in known
            and error.get("type") == known["type"]
            and re.search(known["message"], message)
        ):
            symptom = f"the class cannot be called as a rule is: {message}"
            return Explanation(f"error/{known['id']}", "", known["hint"], symptom)
    return None


def explain_error(
    error: Mapping[str, Any], where: str, hints: Mapping[str, str] = NO_HINTS, of_function: bool = False
) -> Explanation | None:
    """Explain an exception; None if there is nothing to add to Python's own words.

    `hints` replace the usual ones, by the exception's id.
    """
    if "message" not in error:
        return None
    # No longer than the record: a malicious text could slow the pattern down.
    kind, message = error.get("type"), error["message"][:MAX_MESSAGE]
    text = f"{message}\n{str(error.get('line', ''))[:MAX_MESSAGE]}".replace('"', "'")
    for known in known_exceptions():
        if "meaning" in known and kind in known["type"].split("|") and re.search(known["message"], text):
            line = f", in your line `{error['line']}`" if error.get("line") else ""
            usual = known.get("hint for functions", known["hint"]) if of_function else known["hint"]
            return Explanation(
                f"error/{known['id']}",
                f"{where}: {known['meaning']}{line} ({kind}: {message})",
                hints.get(known["id"], usual),
                f"{kind}: {where}",
            )
    return None


def strange_shape(error: Mapping[str, Any], shapes: Mapping[str, tuple[int, ...]]) -> Mapping[str, str]:
    """The hint for two shapes that do not fit, if one is not a parameter's. `shapes`: by key."""
    met = re.findall(r"\((\d+(?:,\d+)*),?\)", str(error.get("message"))[:MAX_MESSAGE])
    for shape in (tuple(map(int, text.split(","))) for text in met):
        if shape not in shapes.values():
            return {
                "shapes": (
                    f"No parameter has the shape {shape}. Which line of yours makes an array of it: zeros, a "
                    "product with `@` or `np.dot`, a transpose, a sum? A square entry by entry keeps the "
                    "shape."
                )
            }
    return NO_HINTS
