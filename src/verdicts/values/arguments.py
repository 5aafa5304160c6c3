"""Arguments of problems as plain data: unlike those of results, their types are kept, and functions have a name.

Also others near an example: numbers of its sign, half to twice as large, and dates within a year.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import partial
from typing import Any

import numpy as np

from verdicts.values.kind import Kind, NotCarriedError, for_value, plain
from verdicts.values.numbers import DTYPES, LARGEST, WHOLE

Functions = Mapping[str, Callable[..., Any]]
STUBS: Functions = defaultdict(lambda: print)
"""Something in place of each function, where nothing calls them."""


class ArgumentError(ValueError):
    """What no problem can hold; one line for the teacher."""


MOST_DOUBLED = 2**61
"""The largest size that is doubled."""

DAYS = 365


def encoded(value: Any, may_choose: bool = False) -> Any:
    """An argument as plain data.

    Args:
        may_choose: whether a list of functions alone stands for one of them.

    Raises:
        ArgumentError: it holds something else.
    """
    if isinstance(value, np.generic):
        value = value.item()
    type_, kind = type(value), for_value(value)
    if value is None or type_ in (bool, float) or (type_ is int and abs(value) < LARGEST):
        return value
    if type_ is complex or (type_ is np.ndarray and value.dtype in DTYPES):
        return np.asarray(value)
    if type_ is list:
        held = [encoded(item) for item in value]
        chosen = may_choose and held and all(isinstance(one, Mapping) and "function" in one for one in held)
        return {"one of": held} if chosen else held
    if type_ is tuple or (type_ is np.ndarray and value.dtype.kind == "U"):
        return {"tuple" if type_ is tuple else "array": [encoded(item) for item in value]}
    if type_ is int:
        return {"int": WHOLE.hold(value, encoded)}
    if callable(value) and str(getattr(value, "__name__", "")).isidentifier():
        return {"function": value.__name__}
    try:
        held = None if kind is None else kind.hold(value, encoded)
    except NotCarriedError as error:
        raise ArgumentError(f"an argument is a {type_.__name__}{error}") from None
    if kind is None or type(kind.make(held, decoded)) is not type_:
        raise ArgumentError(
            f"an argument of type {type_.__name__}: problems are made of numbers, texts, dates, None, arrays, lists, tuples, dicts, "
            "sets and functions of locked cells"
        )
    return held if type(held) is str else {kind.tag: held}


def decoded(data: Any, functions: Functions = STUBS) -> Any:
    """The argument that `encoded` made data of."""
    inner = partial(decoded, functions=functions)
    if isinstance(data, list):
        return [*map(inner, data)]
    if not isinstance(data, Mapping):
        return data.item() if isinstance(data, np.ndarray) and not data.ndim else data
    ((tag, held),) = data.items()
    if tag == "function":
        return functions[held]
    if tag in ("tuple", "array"):
        return (tuple if tag == "tuple" else np.array)([*map(inner, held)])
    return Kind.known[tag].make(held, inner)


def choices(data: Any) -> list[Any]:
    """Those of which an argument is one: functions that take turns, or it alone."""
    return data["one of"] if isinstance(data, Mapping) and "one of" in data else [data]


def can_change(data: Any) -> bool:
    """Whether a function could change the argument, or what it holds."""
    try:
        hash(decoded(choices(data)[0]))
    except TypeError:
        return True
    return False


def part_handed_on(result: Any, part: Any) -> Any:
    """What of a call's result is an argument of the next call: of a tuple or a dict this part."""
    return result[part] if isinstance(result, tuple | dict) else result


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
