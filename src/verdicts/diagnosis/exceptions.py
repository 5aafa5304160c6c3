"""Exceptions of a student's code explained in a plain sentence.

The text comes from the student's process and never adds points.
"""

import re
from collections.abc import Mapping
from typing import Any

from verdicts.diagnosis import Explanation, explanation_of
from verdicts.recording.run_student import MAX_TEXT

# id, type, pattern of the message and, after a line end, of the line; meaning, hint
KNOWN_ERRORS = (
    (
        "power-sign",
        "TypeError|UFuncTypeError|_UFuncNoLoopError",
        r"unsupported operand type\(s\) for \^|ufunc 'bitwise_xor'",
        "`^` is not a power in Python",
        "Which sign is a power in Python?",
    ),
    (
        "min-of-arrays",
        "ValueError",
        r"truth value of an array.*\n.*\b(?<!\.)(?:min|max)\(",
        "Python's `min` and `max` compare whole arrays, not their entries",
        "Which two functions of NumPy take the smaller or the larger number entry by entry?",
    ),
    (
        "array-as-condition",
        "ValueError",
        r"truth value of an array",
        "an array is used where Python needs one True or False",
        "How do you test for “nothing yet”? Try `is None`, or whether the key is in the dict.",
    ),
    (
        "dict-in-arithmetic",
        "TypeError",
        r"(?:unsupported operand type\(s\) for [^:]*: |instances of )(?:'dict' and|.* and 'dict')"
        r"|bad operand type for [^:]*: 'dict'|argument \d of type dict\b",
        "a whole dict stands where one array is meant",
        "`params`, `grads` and what you remember are dicts: of which key is the array meant in this line?",
    ),
    (
        "number-function",
        "TypeError",
        r"only (?:0-dimensional|length-1|size-1) arrays can be converted",
        "a function that takes one number is given an array",
        "`math.sqrt`, `float` and others take one number. Which function of NumPy takes an array?",
    ),
    (
        "string-as-array",
        "TypeError",
        r"can't multiply sequence",
        "a text, such as a key, or a list is multiplied as if it were an array",
        "What does looping over a dict give: keys, values, or both? If it is a list: which function of NumPy "
        "makes an array?",
    ),
    (
        "string-as-array",
        "TypeError|AttributeError|UFuncTypeError|_UFuncNoLoopError",
        r"'str' and|and 'str'|string indices|^'str' object|ufunc .* did not contain a loop.*(?:Str|'<U)",
        "a text, such as a key, is used as if it were an array",
        "What does looping over a dict give: keys, values, or both?",
    ),
    (
        "list-as-array",
        "TypeError",
        r"unsupported operand type\(s\) for [^:]*: (?:'list' and|.* and 'list')|concatenate list",
        "a list stands where an array is meant",
        "Numbers are added to an array, not to a list. Which function of NumPy makes an array?",
    ),
    (
        "unpacked",
        "ValueError",
        r"values to unpack",
        "there are more values than names for them, or fewer",
        "Print what stands after the `in`, or after the `=`: how many values has it? Looping over a dict "
        "gives its keys alone.",
    ),
    (
        "integer-state",
        "UFuncTypeError|UFuncOutputCastingError|_UFuncOutputCastingError|TypeError",
        r"Cannot cast ufunc .* to dtype\('u?int|has dtype u?int\d+, which cannot hold",
        "an array of whole numbers cannot hold the step",
        "What does your array do to 0.3? Which dtype did you give it?",
    ),
    (
        "matrix-product",
        "ValueError",
        r"not aligned|matmul: ",
        "a matrix product meets shapes that do not fit it",
        "`@` and `np.dot` are matrix products. Is a product entry by entry meant here?",
    ),
    (
        "lost-axis",
        "ValueError",
        r"shapes \((\d+),(\d+)\) \((?:\1|\2),\)|shapes \((\d+),\) \((\d+),\3\)|shapes \((\d+),\) \(\5,\d+\)",
        "an array meets one of its own that has lost an axis",
        "Which line makes the array with one axis fewer: a sum or a mean along `axis=…`, or zeros of "
        "another shape? One number for each entry is remembered.",
    ),
    (
        "no-such-axis",
        "AxisError",
        r"",
        "that array has no such axis",
        "A vector has one axis, the scalar parameter none. One number for each entry is remembered: is "
        "anything to be summed here?",
    ),
    (
        "shapes",
        "ValueError",
        r"could not be broadcast|non-broadcastable output",
        "two arrays of different shapes meet",
        "Which array do you remember under which key? And whose gradient is this, if the two "
        "dicts list their keys in another order?",
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
        "key-of-one-caller",
        "KeyError",
        r"^('\w+')\n.*(?:params|grads)\[\1\]",
        "the caller's dicts have other keys",
        "Write no key into your lines: loop over all that are there.",
    ),
    (
        "not-yet-there",
        "KeyError",
        r"",
        "that key is not in the dict",
        "When is what you remember for a key made? Before its first use?",
    ),
    (
        "numpy-name",
        "AttributeError",
        r"module '\w+' has no attribute|'(?:builtin_function_or_method|function|_ArrayFunctionDispatcher"
        r"|numpy\.ufunc)' object has no attribute",
        "no function has that name",
        "How is the function's name spelled? Dots and underscores count, as in `np.zeros_like(x)`.",
    ),
    (
        "dict-replaced",
        "AttributeError",
        r"'(?:numpy\.\w+|float)' object has no attribute '(?:get|setdefault|items|keys|values)'",
        "an array or a number stands where a dict is meant",
        "Is it one key's array already, as `grads[k]` is? Or which line writes to the name of the dict "
        "alone, `self.h = …`, where one key of it is meant, `self.h[k] = …`?",
    ),
    (
        "dict-replaced",
        "IndexError",
        r"only integers, slices|arrays used as indices",
        "an array is indexed with something that is not a position in it, such as a key or a fraction",
        "Print what you index, and with what. With a key: which line writes to the name of the dict alone, "
        "`self.h = …`, where one key of it is meant, `self.h[k] = …`?",
    ),
    (
        "none-in-arithmetic",
        "TypeError|AttributeError",
        r"NoneType",
        "something is still None there",
        "When does it get its first value? Which line should have given it one?",
    ),
    (
        "no-method",
        "AttributeError",
        r"^'(?:bool|int|float|complex|str|list|tuple|range|dict|set|function|method|builtin_function_or_method"
        r"|_ArrayFunctionDispatcher|dict_\w+|numpy\.\w+)' object has no attribute",
        "what stands there has no such method or attribute",
        "Print its type just above that line: an array, a number, a dict? NumPy's functions take the array "
        "in round brackets, as in `np.sqrt(x)`.",
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
        "called",
        "TypeError",
        r"object is not callable",
        "something that is not a function is called",
        "Round brackets call a function. Is a `*` missing, or is `[k]` meant? `grads[k]` is the gradient "
        "itself, an array that is handed to you, and no function of θ.",
    ),
    (
        "number-as-dict",
        "TypeError|IndexError",
        r"'(?:bool|int|float|complex|numpy\.(?:bool|float|int|uint|complex)\w*)' (?:object )?(?:is not "
        r"subscriptable|does not support item assignment|is not iterable|has no len)"
        r"|non-iterable (?:int|float|numpy\.\w+) |invalid index to scalar|0-d array|unsized object",
        "a single number is used as if it were a dict or an array",
        "One number, or one array for each key?",
    ),
    (
        "not-called",
        "TypeError",
        r"'(?:builtin_function_or_method|function|method|numpy\.ufunc|_ArrayFunctionDispatcher)'",
        "a function itself stands where its result is meant",
        "Round brackets call a function, as in `grads.items()`: after which name in this line are they "
        "missing?",
    ),
    (
        "unchangeable",
        "TypeError",
        r"^'tuple' object does not support item assignment",
        "a tuple cannot be changed in one place",
        "Which line makes it? A list, an array or a dict can be changed.",
    ),
    (
        "wrong-index",
        "IndexError",
        r"",
        "what is indexed has no such place",
        "How many dimensions has this array? The scalar parameter has none.",
    ),
)

UNKNOWN_ERROR_HINT = (
    "Just above the line where it stops, print the type and the shape of each thing that stands in it. Which "
    "is the first that you did not expect?"
)
"""The hint for an unknown exception."""
NO_HINTS: Mapping[str, str] = {}
# A function has neither keys nor states: replaces the hints above that mention these.
HINTS_FOR_FUNCTIONS = {
    "array-as-condition": "Print what stands in the condition. Which one number is to be asked about: the "
    "largest, a sum, or is each entry a case of its own?",
    "divides-by-zero": "Work the denominator out by hand for this example. Which of its numbers is zero?",
    "dict-in-arithmetic": "Which of its arrays is meant in this line? Give its key.",
    "lost-axis": "Along which axis does your line sum, or average, and which one should be left?",
    "no-such-axis": "How many axes has the array? Print its shape just before that line.",
    "dict-replaced": "Print the type of the array, and what you index it with: does a line put an array "
    "where a dict was, or a fraction where a whole number is meant?",
    "shapes": "Print the shapes of both just before that line. What does each axis count?",
    "not-yet-there": "Which keys has the dict? Is one misspelled, or another dict meant?",
    "no-name": "Is it an argument, is it made only in some branch, or is it spelled otherwise above?",
    "called": "Round brackets call a function. Print the type of what stands before them: is a `*` missing, "
    "or are square brackets meant?",
    "wrong-index": "Print what you index, and with what: an array where a dict is meant, or a shorter one?",
}


# id, type, pattern of the message, hint; the verdict says how a rule is called
CALL_ERRORS = (
    (
        "constructor",
        "TypeError",
        r"__init__",
        "The arguments are given by name: keep the names that stand in the stub.",
    ),
    (
        "constructor",
        "TypeError",
        r"another order",
        "The lessons give the arguments by position, too: keep the stub's order.",
    ),
    (
        "constructor",
        "TypeError",
        r"\(\) takes no arguments$",
        "Is `__init__` spelled as in the stub, with two underscores before it and two after it, and is it indented "
        "into the class?",
    ),
    (
        "no-update",
        "AttributeError",
        r"'update'",
        "Is the method's name spelled as in the stub, and is it indented into the class?",
    ),
    (
        "update-signature",
        "TypeError",
        r"\.update\(\).*argument",
        "Compare the first line of your update with the stub's. Is `self` there?",
    ),
)


def explain_call(error: Mapping[str, Any]) -> Explanation | None:
    """Explain a class that cannot be called as a rule; `error` has no line of the student's."""
    message = str(error.get("message"))[:MAX_TEXT]
    for name, kind, pattern, hint in CALL_ERRORS:
        if error.get("type") == kind and re.search(pattern, message):
            symptom = "the class cannot be called as a rule is: {error}"
            return explanation_of(f"error/{name}", hint=hint, symptom=symptom, error=message)
    return None


def explain_error(
    error: Mapping[str, Any], where: str, hints: Mapping[str, str] = NO_HINTS
) -> Explanation | None:
    """Explain an exception; None if there is nothing to add to Python's own words.

    `hints` replace the usual ones, by the exception's id.
    """
    kind, message = error.get("type"), error.get("message")
    if not isinstance(kind, str) or not isinstance(message, str):
        return None
    # No longer than the record: a malicious text could slow the pattern down.
    message = message[:MAX_TEXT]
    text = f"{message}\n{str(error.get('line', ''))[:MAX_TEXT]}".replace('"', "'")
    for name, kinds, pattern, meaning, hint in KNOWN_ERRORS:
        if kind in kinds.split("|") and re.search(pattern, text):
            values = {"place": where, "meaning": meaning, "error": f"{kind}: {message}"}
            if error.get("line"):
                cause = "{place}: {meaning}, in your line `{line}` ({error})".format(
                    line=error["line"], **values
                )
            else:
                cause = "{place}: {meaning} ({error})".format(**values)
            return Explanation(
                f"error/{name}",
                cause,
                hints.get(name, hint),
                f"{kind}: {where}",
            )
    return None


def strange_shape(error: Mapping[str, Any], shapes: Mapping[str, tuple[int, ...]]) -> Mapping[str, str]:
    """The hint for two shapes that do not fit, if one is not a parameter's. `shapes`: by key."""
    met = re.findall(r"\((\d+(?:,\d+)*),?\)", str(error.get("message"))[:MAX_TEXT])
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
