"""Lists, and what is compared as one: tuples, also with names, deques and arrays of texts."""

from collections import deque
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from verdicts.values import numbers, words
from verdicts.values.kind import Carried, Inner, Kind, Mismatch, Pair, held_in, kind_of


def entries(data: Carried) -> Sequence[Carried] | None:
    """The entries of a list, or of an array; None for anything else."""
    if isinstance(data, np.ndarray):
        return [*map(np.asarray, data)] if data.ndim else None
    return data if isinstance(data, list) else None


def parts_of(data: Carried) -> dict[str, Carried]:
    """What a result holds, by its path: of an array its entries."""
    rows = entries(data)
    return dict(
        kind_of(data).parts(held_in(data), "") if rows is None else Kind.known["list"].parts(rows, "")
    )


class _Rows(Kind):
    family = "row"

    def hold(self, value: Any, inner: Inner) -> Any:
        items = [*value] if type(value) in (list, deque) else [*tuple.__iter__(value)]
        array = numbers.as_array(items)
        return [inner(item) for item in items] if array is None else array

    def make(self, held: Any, inner: Inner) -> Any:
        return [inner(item) for item in held]

    def parts(self, held: Any, path: str) -> Iterator[tuple[str, Carried]]:
        yield from ((f"{path}[{place}]", item) for place, item in enumerate(held))

    def first(self, actual: Any, expected: Any, pair: Pair) -> Mismatch | None:
        mine, right = entries(actual), entries(expected)
        if mine is None or right is None:
            return pair.differ("")
        both = len(mine), len(right)
        if isinstance(actual, np.ndarray) and isinstance(expected, np.ndarray):
            wrong = pair.inside(actual[: min(both)], expected[: min(both)], "")
        else:
            found = (pair.inside(*two, f"[{n}]") for n, two in enumerate(zip(mine, right, strict=False)))
            wrong = next(filter(None, found), None)
        if len(mine) == len(right):
            return wrong
        lengths = f"{both[0]} entr{'y' if both[0] == 1 else 'ies'}, expected {both[1]}"
        if wrong:
            return wrong._replace(words=f"{words.told(wrong)} ({lengths})")
        last, longer = min(both), max(mine, right, key=len)
        what = "missing" if longer is right else "too many"
        return pair.differ(f"{lengths}; the first {what} is [{last}], {words.shown(longer[last])}")


_Rows("list", list, tuple, deque, native=(list, np.ndarray))
