"""Comparison of numbers: tolerances, NaN and infinity.

All that judges compares with these; only the code of known mistakes compares as students' code does.

There are two questions:

- *Is it right?* (`within`). The expected number is finite, so NaN and infinity never are.
- *Is it the same?* (`same`). A mistake may end in NaN or infinity, and the same end counts as the same.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

# Relative to the largest number of a result, or to how far an array moves in a run. Reordered arithmetic differs by
# some 1e-15 of that.
RTOL = 1e-9
# Relative to the numbers themselves: a move much smaller than what it moves loses digits in any arithmetic.
ROUNDING = 64 * 2.0**-53
# Relative to a number that is only copied: one rounding, or two.
HANDED_ON = 1e-12
# Relative to the largest: ratios of steps, of which rounding takes half the digits.
SIX_DIGITS = 1e-6
# Relative to the number: two are one. A product of constants that hits a ratio by chance is further off.
NINE_DIGITS = 1e-9


def is_array(value: Any, kinds: str = "fiu") -> bool:
    """Whether a value is an array of numbers, of these NumPy kinds."""
    return isinstance(value, np.ndarray) and value.dtype.kind in kinds


def are_equal(values: Sequence[Any]) -> bool:
    """Whether all these numbers or arrays are the same, to the last bit."""
    return all(np.array_equal(value, values[0]) for value in values)


def within(actual: Any, expected: Any, tolerance: Any) -> Any:
    """Whether the actual numbers are right: no further than the tolerance from the expected ones.

    For arrays and plain floats alike. False at NaN on either side, and at infinity.
    """
    return abs(actual - expected) <= tolerance  # no `>` anywhere: a NaN must come out as wrong


def same(actual: Any, expected: Any, tolerance: Any) -> np.ndarray:
    """Whether two ways of computing agree: within the tolerance, both NaN, or the same infinity."""
    both_nan = np.isnan(actual) & np.isnan(expected)
    return within(actual, expected, tolerance) | (actual == expected) | both_nan


def result_tolerance(expected: np.ndarray, rtol: float, atol: float = 0.0) -> float:
    """The tolerance of a function's result: relative to its largest finite number."""
    return atol + rtol * float(np.abs(expected[np.isfinite(expected)]).max(initial=0.0))


def common_value(numbers: np.ndarray, rtol: float = SIX_DIGITS) -> float | None:
    """The one value of all these numbers; None if they differ, or one is NaN or infinite."""
    if not np.isfinite(numbers).all() or np.ptp(numbers) > rtol * np.abs(numbers).max():
        return None
    return float(np.median(numbers))
