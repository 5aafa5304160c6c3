"""Exceptions of a student's code, in a plain sentence beside Python's own.

The text comes from the student's process: it is a hint and never adds points.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from descentlab.checks.recording.drive import MAX_TEXT
from descentlab.diagnosis.explanation import Explanation

# id, type, pattern of the message, what it means, hint
KNOWN = (
    (
        "power-sign",
        "TypeError",
        r"unsupported operand type\(s\) for \^",
        "`^` is not a power in Python",
        "Which sign is a power in Python?",
    ),
    (
        "array-as-condition",
        "ValueError",
        r"truth value of an array",
        "an array is used where Python needs one True or False",
        "How do you test for “nothing yet”? Try `is None`, or whether the key is in the dict.",
    ),
    (
        "string-as-array",
        "TypeError",
        r"'str' and|and 'str'|can't multiply sequence|string indices|ufunc .* did not contain a loop.*Str",
        "a key, which is a text, is used as if it were its array",
        "What does looping over a dict give: keys, values, or both?",
    ),
    (
        "integer-state",
        "UFuncTypeError|UFuncOutputCastingError|_UFuncOutputCastingError|TypeError",
        r"Cannot cast ufunc .* to dtype\('u?int|has dtype u?int\d+, which cannot hold",
        "an array of whole numbers cannot hold the step",
        "What does your array do to 0.3? Which dtype did you give it?",
    ),
    (
        "shapes",
        "ValueError",
        r"could not be broadcast|non-broadcastable output",
        "two arrays of different shapes meet",
        "Which array do you remember under which key? And whose gradient is this, if the two dicts list "
        "their "
        "keys in another order?",
    ),
    (
        "size-changes",
        "RuntimeError",
        r"dictionary (changed size|keys changed) during iteration",
        "the dict is changed while it is being looped over",
        "Which dict do you loop over, and which do you write to?",
    ),
    (
        "divides-by-zero",
        "ZeroDivisionError",
        r"",
        "a number is divided by zero",
        "Work the denominator out by hand for the first call.",
    ),
    (
        "not-yet-there",
        "KeyError",
        r"",
        "that key is not in the dict",
        "When is what you remember for a key made? Before its first use?",
    ),
    (
        "no-attribute",
        "AttributeError",
        r"has no attribute (?!'update')",
        "that attribute was never set",
        "Which line of __init__ makes it? Is it spelled the same way in both places?",
    ),
    (
        "no-name",
        "NameError|UnboundLocalError",
        r"",
        "that name has no value there",
        "Is it an attribute (self. is missing), an argument, or spelled otherwise above?",
    ),
    (
        "none-in-arithmetic",
        "TypeError",
        r"NoneType",
        "something is still None there",
        "When does it get its first value? Which line should have given it one?",
    ),
    (
        "number-as-dict",
        "TypeError",
        r"not subscriptable|does not support item assignment|not iterable|invalid index to scalar|has no len",
        "a single number is used as if it were a dict or an array",
        "One number, or one array for each key?",
    ),
    (
        "wrong-index",
        "IndexError",
        r"",
        "that index is outside the array or list",
        "How many dimensions has this array? The scalar parameter has none.",
    ),
)

NO_HINTS: Mapping[str, str] = MappingProxyType({})
# A function has neither keys nor memory: other hints where the ones above speak of these.
IN_FUNCTIONS = {
    "shapes": "Print the shapes of both just before that line. What does each axis count?",
    "not-yet-there": "Which keys has the dict? Is one misspelled, or another dict meant?",
    "no-name": "Is it an argument, is it made only in some branch, or is it spelled otherwise above?",
    "wrong-index": "Print what you index, and with what: an array where a dict is meant, or a shorter one?",
}


def explain_call(error: Mapping[str, Any]) -> Explanation | None:
    """A class that cannot be called as a rule is: the verdict's own sentence says how it is."""
    kind, message = error.get("type"), str(error.get("message"))
    if kind == "TypeError" and error.get("during") == "making" and "__init__" in message:
        return Explanation(
            "error/constructor",
            "",
            "The arguments are given by name: keep the names that stand in the stub.",
            f"the class cannot be made: {message}",
        )
    if kind == "AttributeError" and "'update'" in message:
        return Explanation(
            "error/no-update",
            "",
            "Is the method's name spelled as in the stub, and is it indented into the class?",
            f"the class has no update: {message}",
        )
    if kind == "TypeError" and ".update()" in message and "argument" in message:
        return Explanation(
            "error/update-signature",
            "",
            "Compare the first line of your update with the stub's. Is `self` there?",
            f"update cannot be called: {message}",
        )
    return None


def explain_error(
    error: Mapping[str, Any], where: str, hints: Mapping[str, str] = NO_HINTS
) -> Explanation | None:
    """The exception as a sentence; None where there is nothing to add to Python's own.

    `hints` replace the usual ones, by the exception's id.
    """
    kind, message = error.get("type"), error.get("message")
    if not isinstance(kind, str) or not isinstance(message, str):
        return None
    # No longer than what is recorded: a pattern may take long on a text made for it.
    message = message[:MAX_TEXT]
    for name, kinds, pattern, meaning, hint in KNOWN:
        if kind in kinds.split("|") and re.search(pattern, message):
            line = f", in your line `{error['line']}`" if error.get("line") else ""
            cause = f"{where}: {meaning}{line} ({kind}: {message})"
            return Explanation(f"error/{name}", cause, hints.get(name, hint), f"{kind}: {where}")
    return None
