"""Exceptions of a student's code, in a plain sentence beside Python's own.

The text comes from the student's process: it is a hint and never adds points.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from descentlab.checks.recording.run_student import MAX_TEXT
from descentlab.diagnosis.explanation import Explanation
from descentlab.sentences import say, template

# id, type, pattern of the message, what it means, hint
KNOWN = (
    (
        "power-sign",
        "TypeError|UFuncTypeError|_UFuncNoLoopError",
        r"unsupported operand type\(s\) for \^|ufunc 'bitwise_xor'",
        template("`^` is not a power in Python"),
        template("Which sign is a power in Python?"),
    ),
    (
        "array-as-condition",
        "ValueError",
        r"truth value of an array",
        template("an array is used where Python needs one True or False"),
        template("How do you test for “nothing yet”? Try `is None`, or whether the key is in the dict."),
    ),
    (
        "dict-in-arithmetic",
        "TypeError",
        r"unsupported operand type\(s\) for [^:]*: (?:'dict' and|.* and 'dict')",
        template("a whole dict stands where one array is meant"),
        template(
            "`params`, `grads` and what you remember are dicts: of which key is the array meant in this line?"
        ),
    ),
    (
        "number-function",
        "TypeError",
        r"only (?:0-dimensional|length-1|size-1) arrays can be converted",
        template("a function that takes one number is given an array"),
        template("`math.sqrt`, `float` and others take one number. Which function of NumPy takes an array?"),
    ),
    (
        "string-as-array",
        "TypeError",
        r"'str' and|and 'str'|can't multiply sequence|string indices|ufunc .* did not contain a loop.*Str",
        template("a key, which is a text, is used as if it were its array"),
        template("What does looping over a dict give: keys, values, or both?"),
    ),
    (
        "integer-state",
        "UFuncTypeError|UFuncOutputCastingError|_UFuncOutputCastingError|TypeError",
        r"Cannot cast ufunc .* to dtype\('u?int|has dtype u?int\d+, which cannot hold",
        template("an array of whole numbers cannot hold the step"),
        template("What does your array do to 0.3? Which dtype did you give it?"),
    ),
    (
        "matrix-product",
        "ValueError",
        r"not aligned|matmul: ",
        template("a matrix product meets shapes that do not fit it"),
        template("`@` and `np.dot` are matrix products. Is a product entry by entry meant here?"),
    ),
    (
        "lost-axis",
        "ValueError",
        r"shapes \((\d+),(\d+)\) \((?:\1|\2),\)|shapes \((\d+),\) \((\d+),\3\)|shapes \((\d+),\) \(\5,\d+\)",
        template("an array meets one of its own that has lost an axis"),
        template(
            "Which line makes the array with one axis fewer: a sum or a mean along `axis=…`, or zeros of "
            "another shape? One number for each entry is remembered."
        ),
    ),
    (
        "no-such-axis",
        "AxisError",
        r"",
        template("that array has no such axis"),
        template(
            "A vector has one axis, the scalar parameter none. One number for each entry is remembered: is "
            "anything to be summed here?"
        ),
    ),
    (
        "shapes",
        "ValueError",
        r"could not be broadcast|non-broadcastable output",
        template("two arrays of different shapes meet"),
        template(
            "Which array do you remember under which key? And whose gradient is this, if the two "
            "dicts list their keys in another order?"
        ),
    ),
    (
        "size-changes",
        "RuntimeError",
        r"dictionary (changed size|keys changed) during iteration",
        template("the dict is changed while it is being looped over"),
        template("Which dict do you loop over, and which do you write to?"),
    ),
    (
        "divides-by-zero",
        "ZeroDivisionError",
        r"",
        template("a number is divided by zero"),
        template("Work the denominator out by hand for the first call."),
    ),
    (
        "not-yet-there",
        "KeyError",
        r"",
        template("that key is not in the dict"),
        template("When is what you remember for a key made? Before its first use?"),
    ),
    (
        "numpy-name",
        "AttributeError",
        r"module '\w+' has no attribute|'(?:builtin_function_or_method|function|_ArrayFunctionDispatcher"
        r"|numpy\.ufunc)' object has no attribute",
        template("no function has that name"),
        template("How is the function's name spelled? Dots and underscores count, as in `np.zeros_like(x)`."),
    ),
    (
        "dict-replaced",
        "AttributeError|IndexError",
        r"'numpy\.\w+' object has no attribute '(?:get|setdefault|items|keys|values)'"
        r"|'float' object has no attribute '(?:get|setdefault|items|keys|values)'|only integers, slices",
        template("what was a dict is now an array or a number"),
        template(
            "Which line writes to the name of the dict alone, `self.h = …`, where one key of it is meant, "
            "`self.h[k] = …`?"
        ),
    ),
    (
        "no-attribute",
        "AttributeError",
        r"has no attribute (?!'update')",
        template("that attribute was never set"),
        template("Which line of __init__ makes it? Is it spelled the same way in both places?"),
    ),
    (
        "no-name",
        "NameError|UnboundLocalError",
        r"",
        template("that name has no value there"),
        template("Is it an attribute (self. is missing), an argument, or spelled otherwise above?"),
    ),
    (
        "none-in-arithmetic",
        "TypeError",
        r"NoneType",
        template("something is still None there"),
        template("When does it get its first value? Which line should have given it one?"),
    ),
    (
        "called",
        "TypeError",
        r"object is not callable",
        template("round brackets stand behind what is no function"),
        template(
            "Round brackets call a function. Is a `*` missing, or is `[k]` meant? `grads[k]` is the gradient "
            "itself, an array that is handed to you, and no function of θ."
        ),
    ),
    (
        "number-as-dict",
        "TypeError",
        r"not subscriptable|does not support item assignment|not iterable|invalid index to scalar|has no len",
        template("a single number is used as if it were a dict or an array"),
        template("One number, or one array for each key?"),
    ),
    (
        "wrong-index",
        "IndexError",
        r"",
        template("that index is outside the array or list"),
        template("How many dimensions has this array? The scalar parameter has none."),
    ),
)

NO_HINTS: Mapping[str, str] = MappingProxyType({})
# A function has neither keys nor memory: other hints where the ones above speak of these.
IN_FUNCTIONS = {
    "dict-in-arithmetic": template("Which of its arrays is meant in this line? Give its key."),
    "lost-axis": template("Along which axis does your line sum, or average, and which one should be left?"),
    "no-such-axis": template("How many axes has the array? Print its shape just before that line."),
    "dict-replaced": template(
        "Print what you index, and with what: does a line put an array where the dict was?"
    ),
    "shapes": template("Print the shapes of both just before that line. What does each axis count?"),
    "not-yet-there": template("Which keys has the dict? Is one misspelled, or another dict meant?"),
    "no-name": template(
        "Is it an argument, is it made only in some branch, or is it spelled otherwise above?"
    ),
    "called": template(
        "Round brackets call a function. Print the type of what stands before them: is a `*` missing, or are "
        "square brackets meant?"
    ),
    "wrong-index": template(
        "Print what you index, and with what: an array where a dict is meant, or a shorter one?"
    ),
}


def explain_call(error: Mapping[str, Any]) -> Explanation | None:
    """A class that cannot be called as a rule is: the verdict's own sentence says how it is."""
    kind, message = error.get("type"), str(error.get("message"))
    if kind == "TypeError" and error.get("during") == "making" and "__init__" in message:
        return Explanation(
            "error/constructor",
            "",
            say("The arguments are given by name: keep the names that stand in the stub."),
            say("the class cannot be made: {error}", error=message),
        )
    if kind == "AttributeError" and "'update'" in message:
        return Explanation(
            "error/no-update",
            "",
            say("Is the method's name spelled as in the stub, and is it indented into the class?"),
            say("the class has no update: {error}", error=message),
        )
    if kind == "TypeError" and ".update()" in message and "argument" in message:
        return Explanation(
            "error/update-signature",
            "",
            say("Compare the first line of your update with the stub's. Is `self` there?"),
            say("update cannot be called: {error}", error=message),
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
            values = {"place": where, "meaning": say(meaning), "error": f"{kind}: {message}"}
            if error.get("line"):
                cause = say(
                    "{place}: {meaning}, in your line `{line}` ({error})", line=error["line"], **values
                )
            else:
                cause = say("{place}: {meaning} ({error})", **values)
            return Explanation(
                f"error/{name}",
                cause,
                say(hints.get(name, hint)),
                say("{error}: {place}", error=kind, place=where),
            )
    return None


def strange_shape(error: Mapping[str, Any], shapes: Mapping[str, tuple[int, ...]]) -> Mapping[str, str]:
    """A hint for two shapes that do not meet, where one of them is no parameter's: `shapes` by key."""
    met = re.findall(r"\((\d+(?:,\d+)*),?\)", str(error.get("message"))[:MAX_TEXT])
    for shape in (tuple(map(int, text.split(","))) for text in met):
        if shape not in shapes.values():
            return {
                "shapes": say(
                    "No parameter has the shape {shape}. Which line of yours makes an array of it: zeros, a "
                    "product with `@` or `np.dot`, a transpose, a sum? A square entry by entry keeps the "
                    "shape.",
                    shape=shape,
                )
            }
    return NO_HINTS
