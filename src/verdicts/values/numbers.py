"""Numbers and arrays of them, of the types that evidence holds; whole numbers of any size; complex ones."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np

from verdicts import agreement
from verdicts.values.kind import (
    Carried,
    Inner,
    Kind,
    Mismatch,
    NotCarriedError,
    Pair,
    Rules,
    for_value,
    held_in,
    kind_of,
)
from verdicts.values.strings import Pieces
from verdicts.values.words import shown

MAX_AXES = 8
MAX_ELEMENTS = 20_000
NAMES = "float64 float32 float16 int64 int32 int16 int8 uint8 bool complex128"
DTYPES = {np.dtype(name): name for name in NAMES.split()}
"""The types of arrays in evidence, in this machine's byte order, and their names."""
EXACT = frozenset((Fraction, Decimal))
SCALARS = frozenset((bool, int, float, complex, np.ndarray, *(dtype.type for dtype in DTYPES)))
LARGEST = 2**53
"""From here on a float is not each whole number."""


def as_array(value: Any) -> np.ndarray | None:
    """A number, an array or a row of numbers as an array of a type that evidence holds; None for anything else."""
    if type(value) in EXACT:
        value = float(value)
    is_row = type(value) in (list, tuple)
    if not _are_numbers(value, MAX_AXES) if is_row else for_value(value) is not ARRAY:
        return None
    try:
        array = np.array(value, copy=True)
    except (ValueError, OverflowError, TypeError):
        return None
    if not array.dtype.isnative:
        array = array.astype(array.dtype.newbyteorder("="))
    if array.dtype.kind == "u" and array.dtype not in DTYPES and (array <= np.iinfo(np.int64).max).all():
        array = array.astype(np.int64)
    if array.dtype == np.complex64:
        array = array.astype(complex)
    if array.dtype not in DTYPES or array.size > MAX_ELEMENTS or array.ndim > MAX_AXES:
        return None
    if is_row and array.dtype.kind == "f" and (abs(array) >= LARGEST).any():
        # Whole numbers among floats keep their digits.
        return None if any(type(one) is int for one in np.array(value, object).flat) else array
    return array


def _are_numbers(row: Sequence[Any], levels: int) -> bool:
    """Whether a row holds numbers and rows of them alone: an array of texts would hold each as long as the longest."""
    types = {*map(type, row)}
    rows = types & {list, tuple}
    return (
        len(row) <= MAX_ELEMENTS
        and types - rows <= SCALARS
        and (
            not rows
            or (levels > 0 and all(_are_numbers(one, levels - 1) for one in row if type(one) in rows))
        )
    )


def number_in(data: Carried) -> int | float | None:
    """A single number that is no truth and not complex; None for anything else."""
    if isinstance(data, np.ndarray):
        return data.item() if not data.shape and data.dtype.kind in "fiu" else None
    return WHOLE.make(held_in(data), held_in) if kind_of(data) is WHOLE else None


class _Array(Kind):
    family = "row"

    def hold(self, value: Any, inner: Inner) -> Any:
        array = as_array(value)
        if array is not None:
            return array
        if isinstance(value, int | np.integer):
            return {"odd": WHOLE.tag, "held": WHOLE.hold(int(value), inner)}
        if (
            type(value) is np.ndarray
            and value.ndim
            and value.dtype.kind in "UOu"
            and value.size <= MAX_ELEMENTS
        ):
            return inner(value.tolist())
        of = f" of {value.dtype} of shape {value.shape}" if type(value) is np.ndarray else ""
        raise NotCarriedError(of)

    def make(self, held: Any, inner: Inner) -> Any:
        return held.tolist()

    def first(self, actual: Any, expected: Any, pair: Pair) -> Mismatch | None:
        rules = pair.rules
        is_array = isinstance(actual, np.ndarray)
        other_length = is_array and actual.ndim == expected.ndim == 1 and len(actual) != len(expected)
        if expected.ndim and rules.by_entry and (other_length or isinstance(actual, list)):
            return Kind.known["list"].first(actual, expected, pair)
        if not expected.shape and kind_of(pair.actual) is WHOLE:
            return WHOLE.first(actual, expected, pair)
        if not agreement.is_array(actual, "fiubc"):
            return pair.differ("")
        if rules.by_entry and bool(actual.ndim) != bool(expected.ndim):
            return pair.differ("")
        if actual.shape != expected.shape:
            return pair.differ(f"shape {actual.shape}, expected {expected.shape}")
        # Zeros and ones are truths, too, in a check of a notebook whole ones; a truth is no number.
        is_truth = (not rules.by_entry or actual.dtype.kind in "biu") and np.isin(actual, (0, 1)).all()
        if not is_truth if expected.dtype.kind == "b" else actual.dtype.kind == "b":
            return pair.differ("")
        wrong = ~are_near(actual, expected, rules)
        if not wrong.any():
            return None
        index = first_place(wrong)
        mine, right = np.asarray(actual[index]), np.asarray(expected[index])
        return Mismatch(pair.path + at(index), _numbers_differ(mine[()], right[()], rules), mine, right)


def are_near(actual: np.ndarray, expected: np.ndarray, rules: Rules) -> np.ndarray:
    """Which numbers of an array of the right shape are right."""
    if rules.are_exact and actual.dtype.kind in "iu" and expected.dtype.kind in "iu":
        return actual == expected
    to = complex if "c" in (actual.dtype.kind, expected.dtype.kind) else float
    actual, expected = actual.astype(to), expected.astype(to)
    return agreement.within(actual, expected, agreement.result_tolerance(expected, rules.rtol, rules.atol))


def first_place(wrong: np.ndarray) -> tuple[int, ...]:
    """The index of the first True."""
    return tuple(np.argwhere(wrong)[0].tolist())


def at(index: tuple[int, ...]) -> str:
    """An array index as it is written in code; empty for a single number."""
    return f"[{', '.join(map(str, index))}]" if index else ""


def distinct_texts(actual: Any, expected: Any, digits: int = 4) -> tuple[str, str]:
    """Both numbers with so many digits, or with as many more as show that they differ."""
    if all(np.asarray(one).dtype.kind in "iub" for one in (actual, expected)):
        return f"{actual}", f"{expected}"
    for more in range(digits, 18):
        texts = f"{actual + 0.0:.{more}g}", f"{expected + 0.0:.{more}g}"  # adding zero makes 0 of −0
        if texts[0] != texts[1]:
            break
    return texts


def _numbers_differ(mine: Any, right: Any, rules: Rules) -> str:
    """Both numbers; for a measurement that is nearly right also the distance and the tolerance."""
    texts = distinct_texts(mine, right)
    both = f"yours {texts[0]}, expected {texts[1]}"
    off = abs(mine / right - 1) if right else np.inf
    if rules.rtol < 0.001 or not off < 0.2:
        return both
    return f"{both}: {off:.1%} off, and {rules.rtol:.0%} is allowed"


class _Whole(Pieces):
    family = "row"

    def first(self, actual: Any, expected: Any, pair: Pair) -> Mismatch | None:
        mine, right = number_in(pair.actual), number_in(pair.expected)
        if mine is None or right is None:
            return pair.differ("")
        if mine == right or (not pair.rules.are_exact and _are_near(mine, right, pair.rules)):
            return None
        texts = shown(pair.actual), shown(pair.expected)
        off = f": it is off by {mine - right}" if texts[0] == texts[1] and mine - right < LARGEST else ""
        return pair.differ(f"yours {texts[0]}, expected {texts[1]}{off}")


def _are_near(actual: int | float, expected: int | float, rules: Rules) -> bool:
    try:
        off = abs(Fraction(actual) - Fraction(expected))
    except (ValueError, OverflowError):  # NaN, infinity
        return False
    return off <= Fraction(rules.atol) + Fraction(rules.rtol) * abs(Fraction(expected))


ARRAY = _Array("array", *SCALARS, *EXACT, native=(np.ndarray, list, dict))
WHOLE = _Whole("int", write=hex, read=lambda text: int(text, 16))
