"""Problems near an example: numbers of its sign, half to twice as large, and dates within a year."""

from datetime import timedelta
from functools import partial
from typing import Any

import numpy as np

from verdicts.values.kind import Kind, plain

MOST_DOUBLED = 2**61
"""The largest size that is doubled."""

DAYS = 365


def near(argument: Any, rng: np.random.Generator, draws_whole: bool = True) -> Any:
    """An argument, as `encoded` makes data of it, near another; texts, truths, zeros and lengths stay.

    Args:
        draws_whole: whether whole numbers vary, which may count or index something.
    """
    inner = partial(near, rng=rng, draws_whole=draws_whole)
    match argument:
        case float():
            return argument * float(2 ** rng.uniform(-1, 1))
        case np.ndarray() if argument.dtype.kind == "f":
            return (argument * 2 ** rng.uniform(-1, 1, argument.shape)).astype(argument.dtype)
        case np.ndarray() if argument.dtype.kind in "iu" and draws_whole:
            limits = np.iinfo(argument.dtype)
            return np.clip(_whole_near(argument, rng), limits.min, limits.max).astype(argument.dtype)
        case int() if draws_whole and not isinstance(argument, bool):
            return int(_whole_near(argument, rng))
        case list():
            return [inner(item) for item in argument]
        case {"dict": list(pairs)}:
            return {"dict": [[key, inner(item)] for key, item in pairs]}
        case {"dict": held}:
            return {"dict": {key: inner(item) for key, item in held.items()}}
        case {"tuple": held}:
            return {"tuple": inner(held)}
        case {"date": held} | {"datetime": held}:
            ((tag, _),) = argument.items()
            kind = Kind.known[tag]
            moved = kind.make(held, plain) + timedelta(int(rng.integers(-DAYS, DAYS + 1)))
            return {tag: kind.hold(moved, plain)}
    return argument


def _whole_near(value: Any, rng: np.random.Generator) -> Any:
    size = np.abs(np.asarray(value, np.int64))
    return np.sign(value) * rng.integers((size + 1) // 2, 2 * np.minimum(size, MOST_DOUBLED) + 1)
