"""What each kind of value says of itself, and what goes through all kinds: carrying, making again, comparing.

A result travels from a sandbox as data: arrays of numbers, texts, lists, and dicts with names as keys; any other kind as
{"odd": tag, "held": …}, and what no kind carries as {"odd": words}, which no check compares. It is kept whole or not at
all. Only exact types count: a subclass could answer differently each time.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

import numpy as np

from verdicts import agreement

Carried = Any
"""A value as it travels."""
Inner = Callable[[Any], Any]
"""Does with what is inside a value as is done with the value."""

RESERVED = ("odd", "base64")  # names that evidence uses for itself
SURROGATE = re.compile("[\ud800-\udfff]")
"""A character that no file can hold: evidence would have another in its place."""
MAX_NAME = 300
"""Characters of one name; nested names are joined into a path for each number."""
MAX_VALUES = 20_000
"""Of one result: numbers, keys, entries, and pieces of text of `PIECE` characters."""
PIECE = 40
MAX_NESTED = 12


class NotCarriedError(Exception):
    """A value of which nothing travels but these words."""


class _TooMuchError(Exception):
    """More than `MAX_VALUES`."""


class Mismatch(NamedTuple):
    """Where a value first differs from the expected one, and the words for it; none where it is of another kind."""

    path: str
    words: str
    actual: Carried
    expected: Carried


@dataclass(frozen=True)
class Rules:
    """When two values are equal."""

    rtol: float = agreement.RTOL
    atol: float = 0.0
    same_text: Callable[[str, str], bool] = str.__eq__
    by_entry: bool = False
    """Whether rows of numbers are compared entry by entry, as lists are."""

    @property
    def are_exact(self) -> bool:
        """Whether whole numbers must be equal: no tolerance was given for them."""
        return not self.atol and self.rtol in (0, agreement.RTOL)


class Pair(NamedTuple):
    """A value beside the expected one."""

    actual: Carried
    expected: Carried
    rules: Rules
    path: str = ""

    def inside(self, actual: Carried, expected: Carried, place: str) -> Mismatch | None:
        """Where two values inside these first differ."""
        return first(actual, expected, self.rules, self.path + place)

    def differ(self, words: str) -> Mismatch:
        """These differ, in these words."""
        return Mismatch(self.path, words, self.actual, self.expected)


class Kind:
    """A kind of value; an instance makes itself known by its tag. What it holds of a value, each decides."""

    known: ClassVar[dict[str, Kind]] = {}
    of_types: ClassVar[dict[type, Kind]] = {}
    family = ""
    """Kinds of one family can be equal."""

    def __init__(self, tag: str, *types: type, native: Sequence[type] = ()) -> None:
        """`native`: held data of these types travels without a tag."""
        self.tag, self.native = tag, native
        self.known[tag] = self
        self.of_types.update(dict.fromkeys(types, self))

    def hold(self, value: Any, inner: Inner) -> Any:
        """What it holds of a value.

        Raises:
            NotCarriedError: nothing.
        """
        raise NotImplementedError

    def make(self, held: Any, inner: Inner) -> Any:
        """The value again; raises whatever it raises where `hold` gives no such data."""
        raise NotImplementedError

    def first(self, actual: Any, expected: Any, pair: Pair) -> Mismatch | None:
        """Where what is held of a value first differs from what is held of an expected one of this kind."""
        raise NotImplementedError

    def parts(self, held: Any, path: str) -> Iterator[tuple[str, Carried]]:
        """Yield the data inside, with paths; nothing if it is one thing."""
        yield from ()


def is_name(key: Any) -> bool:
    """Whether a key of a dict travels as it is."""
    return (
        type(key) in (str, np.str_)
        and len(key) <= MAX_NAME
        and not (key in RESERVED or SURROGATE.search(key))
    )


NONE = {"odd": "NoneType"}


def is_note(data: Carried) -> bool:
    """Whether data says only what could not be carried."""
    return isinstance(data, Mapping) and "odd" in data and "held" not in data and data != NONE


def has_names(data: Carried) -> bool:
    """Whether it is a dict with names as keys."""
    return isinstance(data, Mapping) and "odd" not in data


def kind_of(data: Carried) -> Kind:
    """The kind of data."""
    if isinstance(data, Mapping):
        return Kind.known[data["odd"] if "held" in data else "NoneType" if "odd" in data else "dict"]
    # Anything else is nothing that was recorded, or was written by hand.
    return Kind.known[{np.ndarray: "array", str: "str", list: "list"}.get(type(data), "NoneType")]


def is_of(tag: str, *data: Carried) -> bool:
    """Whether all these data are of the kind with this tag."""
    return all(kind_of(one).tag == tag for one in data)


def held_in(data: Carried) -> Any:
    """What its kind holds of it."""
    return data["held"] if isinstance(data, Mapping) and "held" in data else data


class _Carrier:
    """Carries one value, and counts."""

    def __init__(self) -> None:
        self.left, self.levels = MAX_VALUES, MAX_NESTED

    def carry(self, value: Any) -> Carried:
        kind = for_value(value)
        self.left -= 1 + (len(value) // PIECE if type(value) in (str, bytes) else 0)
        if self.left < 0:
            raise _TooMuchError
        self.levels -= 1
        try:
            if kind is None:
                raise NotCarriedError("")
            if self.levels < 0:
                raise NotCarriedError(f" inside {MAX_NESTED} others")
            held = kind.hold(value, self.carry)
            self.left -= held.size if isinstance(held, np.ndarray) else 0
        except NotCarriedError as error:
            return {"odd": f"{type(value).__name__}{error}"[:MAX_NAME]}
        finally:
            self.levels += 1
        return held if type(held) in kind.native else {"odd": kind.tag, "held": held}


def for_value(value: Any) -> Kind | None:
    """The kind of a value; None if no kind carries it."""
    of = type(value)
    if of in Kind.of_types:
        return Kind.of_types[of]
    if issubclass(of, np.generic) and of.__module__ == "numpy":
        return Kind.known["array"]
    if issubclass(of, tuple) and hasattr(of, "_fields"):  # what it holds is read as of a tuple
        return Kind.known["list"]
    return Kind.known["object"] if "__dataclass_fields__" in vars(of) else None


def carried(value: Any) -> Carried:
    """A copy of a value as data: whole, or a note of its type and size."""
    try:
        return _Carrier().carry(value)
    except _TooMuchError:
        size = f"of length {len(value)} with more than {MAX_VALUES} numbers and short texts"
        return {"odd": f"{type(value).__name__} {size}"}


def plain(data: Carried) -> Any:
    """The value that data was made of, in Python's own types."""
    return kind_of(data).make(held_in(data), plain)


def frozen(value: Any) -> Any:
    """A plain value as one that can be hashed; 1, 1.0 and True are one, as they are in a dict."""
    if isinstance(value, list | tuple):
        return tuple(map(frozen, value))
    if isinstance(value, dict):
        return frozenset((key, frozen(item)) for key, item in value.items())
    return frozenset(value) if isinstance(value, set) else value


def same(one: Carried, other: Carried) -> bool:
    """Whether data of two values is the same; a NaN is as another."""
    if isinstance(one, np.ndarray) and isinstance(other, np.ndarray):
        return np.array_equal(one, other, equal_nan=True)
    return frozen(plain(one)) == frozen(plain(other))


def first(actual: Carried, expected: Carried, rules: Rules, path: str = "") -> Mismatch | None:
    """Where a value first differs from the expected one; None if it is right."""
    kind, pair = kind_of(expected), Pair(actual, expected, rules, path)
    if (kind_of(actual).family or kind_of(actual).tag) != (kind.family or kind.tag):
        return pair.differ("")
    return kind.first(held_in(actual), held_in(expected), pair)


def leaves(data: Carried | None, path: str = "") -> Iterator[tuple[str, Carried]]:
    """Yield each array, text and other value without parts, with its path: ("", array), ('["x"][0]', array) …"""
    if data is None:
        return
    parts = [*kind_of(data).parts(held_in(data), path)]
    for place, part in parts:
        yield from leaves(part, place)
    if not parts:
        yield path, data


def is_tagged(data: Carried) -> bool:
    """Whether data with a tag, which a hostile process may have written, is as its kind writes it."""
    try:
        Kind.known[data["odd"]].make(data["held"], plain)
    except Exception:  # whatever hostile data makes of it
        return False
    return True
